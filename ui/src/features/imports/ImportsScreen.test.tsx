import { describe, expect, it, vi } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL } from "../../api/fake";

describe("imports", () => {
  it("explains itself at the first start and makes the sample import", async () => {
    const { user } = renderApp({ empty: true });
    expect(await screen.findByText(/Bring your clubs/)).toBeInTheDocument();
    await user.click(screen.getByTestId("try-sample"));
    expect(await screen.findByTestId("import-name")).toHaveTextContent("Sample lists");
    expect(await screen.findAllByTestId("file-row")).toHaveLength(3);
  });

  it("opens an import where it was left", async () => {
    const { user } = renderApp();
    await user.click(await screen.findByTestId("import-open-1"));
    expect(await screen.findByTestId("step-fix")).toHaveAttribute("aria-current", "step");
  });

  it("starts a new import by keyboard", async () => {
    const { user } = renderApp();
    const button = await screen.findByTestId("new-import");
    button.focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByTestId("drop-zone")).toHaveTextContent("Drop your member lists here");
  });

  it("renames", async () => {
    const { user } = renderApp();
    await user.click(await screen.findByTestId("import-menu-1"));
    await user.click(await screen.findByText("Rename…"));
    const name = await screen.findByTestId("rename-input");
    await user.clear(name);
    await user.type(name, "Summer lists{Enter}");
    expect(await screen.findByText("Summer lists")).toBeInTheDocument();
  });

  it("deletes only when the name is typed", async () => {
    const { user } = renderApp();
    await user.click(await screen.findByTestId("import-menu-1"));
    await user.click(await screen.findByText("Delete…"));
    const go = await screen.findByTestId("confirm-go");
    expect(go).toBeDisabled();
    await user.type(screen.getByTestId("confirm-name"), "Spring lists");
    await user.click(go);
    expect(await screen.findByText(/Bring your clubs/)).toBeInTheDocument();
  });

  it("tells what went wrong, and tries again", async () => {
    const { api, user } = renderApp({ fail: { importList: DISK_FULL } });
    const notice = await screen.findByTestId("error-notice");
    expect(notice).toHaveTextContent(DISK_FULL.message);
    expect(notice).toHaveTextContent(DISK_FULL.help ?? "");
    api.options.fail = {};
    await user.click(within(notice).getByText("Try again"));
    expect(await screen.findByText("Spring lists")).toBeInTheDocument();
  });

  it("shows progress of slow work and cancels it", async () => {
    const { user, api } = renderApp({ empty: true, jobTime: 60_000 });
    await user.click(await screen.findByTestId("try-sample"));
    expect(await screen.findByTestId("progress-panel")).toHaveTextContent("Copying the sample lists");
    await user.click(screen.getByTestId("cancel-job"));
    expect(await screen.findByText(/Cancelled/)).toBeInTheDocument();
    await waitFor(() => expect(screen.queryByTestId("progress-panel")).toBeNull());
    expect(api.calls).toContain("cancelJob");
  });

  it("shows progress also where a timer fires before its time by the clock", async () => {
    const clock = vi.spyOn(Date, "now").mockReturnValue(1_000_000);
    const { user } = renderApp({ empty: true, jobTime: 60_000 });
    await user.click(await screen.findByTestId("try-sample"));
    expect(await screen.findByTestId("progress-panel")).toBeInTheDocument();
    clock.mockRestore();
    await user.click(screen.getByTestId("cancel-job"));
    expect(await screen.findByText(/Cancelled/)).toBeInTheDocument();
  });

  it.each(["light", "dark"] as const)("is accessible (%s)", async (colorScheme) => {
    renderApp({ colorScheme });
    await screen.findByTestId("import-1");
    await expectAccessible();
  });

  it("is accessible when empty", async () => {
    renderApp({ empty: true });
    await screen.findByTestId("try-sample");
    await expectAccessible();
  });
});
