import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, renderStep, screen, waitFor } from "../../tests/render";
import { DISK_FULL } from "../api/fake";
import { parseRoute } from "./router";

describe("the window", () => {
  it("shows where a push would go, unmistakably for prod", async () => {
    const { container } = renderApp({ environment: "prod" });
    expect(await screen.findByTestId("profile-badge")).toHaveTextContent("prod");
    expect(container.querySelector('[data-environment="prod"]')).not.toBeNull();
  });

  it("runs a command from the palette by keyboard", async () => {
    const { user } = renderApp();
    await screen.findByTestId("import-1");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByLabelText("Command"), "history");
    await expectAccessible();
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(window.location.hash).toBe("#/history"));
  });

  it("masks personal data everywhere", async () => {
    const { user } = await renderStep("files");
    expect(await screen.findAllByText("Sharon")).not.toHaveLength(0);
    await user.click(screen.getByTestId("privacy-toggle"));
    expect(screen.queryAllByText("Sharon")).toHaveLength(0);
  });

  it("changes the appearance", async () => {
    const { user } = renderApp();
    await user.click(await screen.findByTestId("dark-toggle"));
    await user.click(await screen.findByTestId("scheme-dark"));
    expect(document.documentElement.dataset.mantineColorScheme).toBe("dark");
  });

  it("says that an import is gone", async () => {
    renderApp({ at: "#/imports/99" });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("no longer there");
  });
});

describe("steps", () => {
  it("saves the step and goes back", async () => {
    const { user, api } = await renderStep("push");
    await user.click(await screen.findByTestId("back"));
    expect(screen.getByTestId("step-people")).toHaveAttribute("aria-current", "step");
    expect((await api.importOpen(1)).step).toBe("people");
  });

  it("goes from Fix over People to Push", async () => {
    const { user } = renderApp({ at: "#/imports/1" });
    await user.click(await screen.findByTestId("next"));
    expect(screen.getByTestId("step-people")).toHaveAttribute("aria-current", "step");
    await user.click(screen.getByTestId("next"));
    expect(screen.getByTestId("step-push")).toHaveAttribute("aria-current", "step");
  });

  it("shows the saved step again when it cannot be saved", async () => {
    const { user } = renderApp({ at: "#/imports/1", fail: { importSetStep: DISK_FULL } });
    await user.click(await screen.findByTestId("step-push"));
    expect(await screen.findByText(DISK_FULL.message)).toBeInTheDocument();
    await waitFor(() => expect(screen.getByTestId("step-fix")).toHaveAttribute("aria-current", "step"));
  });
});

describe("addresses", () => {
  it.each([
    ["#/imports/3", { screen: "import", id: 3 }],
    ["#/member-file", { screen: "member-file" }],
    ["#/history", { screen: "history" }],
    ["#/imports/x", { screen: "imports" }],
    ["", { screen: "imports" }],
  ])("%s", (hash, route) => expect(parseRoute(hash)).toEqual(route));
});
