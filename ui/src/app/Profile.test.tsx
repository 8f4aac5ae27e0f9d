import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, renderStep, screen, waitFor } from "../../tests/render";
import { LOCKED } from "../api/fake/profiles";

describe("the profile switch", () => {
  it("switches with one click from any screen", async () => {
    const { user } = renderApp({ at: "#/history" });
    await user.click(await screen.findByTestId("profile-badge"));
    expect(await screen.findByTestId("profile-use-local")).toHaveAttribute("aria-current", "true");
    await expectAccessible();
    await user.click(screen.getByTestId("profile-use-staging"));
    await waitFor(() => expect(screen.getByTestId("profile-badge")).toHaveTextContent("staging"));
  });

  it("is in the command palette", async () => {
    const { user } = renderApp();
    await screen.findByTestId("import-1");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByLabelText("Command"), "switch to profile prod");
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(screen.getByTestId("profile-badge")).toHaveTextContent("prod"));
  });

  it("says why it could not switch", async () => {
    const message = "The variable MUSTER_ACTIVE_PROFILE chooses the profile";
    const { user } = renderApp({ fail: { profileUse: { code: "refused", message, help: null } } });
    await user.click(await screen.findByTestId("profile-badge"));
    await user.click(await screen.findByTestId("profile-use-prod"));
    expect(await screen.findByText(message)).toBeInTheDocument();
    expect(screen.getByTestId("profile-badge")).toHaveTextContent("local");
  });

  it("makes the plan anew, for the other target", async () => {
    const { user } = await renderStep("push");
    expect(await screen.findByTestId("push-button")).toHaveTextContent("Push to local (dev)");
    await user.click(screen.getByTestId("profile-badge"));
    await user.click(await screen.findByTestId("profile-use-prod"));
    await waitFor(() => expect(screen.getByTestId("push-button")).toHaveTextContent("Push to prod"));
  });

  it("tells prod in words on every screen", async () => {
    const { user } = renderApp({ environment: "prod" });
    for (const screenName of ["history", "settings", "imports"]) {
      await user.click(await screen.findByTestId(`nav-${screenName}`));
      expect(await screen.findByTestId("prod-band")).toHaveTextContent("Production. Pushes go to prod");
    }
    await expectAccessible();
  });

  it("has no band for dev and staging", async () => {
    renderApp({ environment: "staging" });
    expect(await screen.findByTestId("profile-badge")).toHaveTextContent("staging");
    expect(screen.queryByTestId("prod-band")).toBeNull();
  });
});

describe("a workspace that cannot be opened", () => {
  it("says why and opens once it can", async () => {
    const { user, api } = renderApp({ fail: { workspaceOpen: LOCKED } });
    expect(await screen.findByTestId("workspace-locked")).toHaveTextContent(/locked.*Unlock it/);
    expect(api.calls).not.toContain("importList");
    await expectAccessible();
    await user.click(screen.getByTestId("workspace-retry"));
    expect(await screen.findByTestId("workspace-locked")).toBeInTheDocument();
    api.options.fail = {};
    await user.click(screen.getByTestId("workspace-retry"));
    expect(await screen.findByTestId("import-1")).toBeInTheDocument();
  });

  it("tells settings that do not fit, and does not ask for more", async () => {
    const message = "The settings (config.yml) are not right in 2 places:\n- a: is missing\n- b: is missing";
    const failure = { code: "config", message, help: "Correct it." } as const;
    renderApp({ fail: { workspaceOpen: failure, appInfo: failure } });
    expect(await screen.findByTestId("workspace-locked")).toHaveTextContent("need a correction");
    expect(screen.queryByTestId("profile-badge")).toBeNull();
  });

  it("leaves the settings usable", async () => {
    renderApp({ at: "#/settings", fail: { workspaceOpen: LOCKED } });
    expect(await screen.findByTestId("profile-local")).toBeInTheDocument();
  });
});
