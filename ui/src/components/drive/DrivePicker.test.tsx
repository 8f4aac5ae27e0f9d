import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, renderStep, screen, waitFor, within } from "../../../tests/render";
import { FakeApi } from "../../api/fake";

const openPicker = async (api = new FakeApi({ empty: true })) => {
  const rendered = renderApp({ api });
  await rendered.user.click(await screen.findByTestId("new-from-drive"));
  await screen.findByRole("dialog");
  return { ...rendered, api };
};
const items = () => screen.findAllByTestId("drive-item");

describe("the picker of Google Drive", () => {
  it("starts an import with the lists that are chosen", async () => {
    const { user, api } = await openPicker();
    expect(await items()).toHaveLength(4);
    expect(screen.getByTestId("drive-import")).toBeDisabled();
    await user.click(screen.getByTestId("drive-choose-golf"));
    await user.click(screen.getByTestId("drive-choose-sheet"));
    expect(screen.getByTestId("drive-chosen")).toHaveTextContent("2 files chosen");
    await user.click(screen.getByTestId("drive-import"));
    expect(await screen.findAllByTestId("file-row")).toHaveLength(3);
    expect(api.calls).toContain("driveAdd");
  });

  it("goes into folders and back, and keeps what was chosen", async () => {
    const { user } = await openPicker();
    await user.click(await screen.findByTestId("drive-choose-golf"));
    await user.click(screen.getByRole("button", { name: "Lists 2026" }));
    await user.click(await screen.findByTestId("drive-choose-rowing"));
    expect(screen.getByTestId("drive-chosen")).toHaveTextContent("2 files chosen");
    const path = within(screen.getByTestId("drive-path"));
    await user.click(path.getByRole("button", { name: "My Drive" }));
    expect(await screen.findByTestId("drive-choose-golf")).toBeChecked();
    await user.click(screen.getByText("Shared drives"));
    expect(await screen.findByRole("button", { name: "Board" })).toBeInTheDocument();
  });

  it("searches by name, everywhere", async () => {
    const { user } = await openPicker();
    await items();
    await user.type(screen.getByTestId("drive-search"), "rowing{Enter}");
    expect(await screen.findByTestId("drive-choose-rowing")).toBeInTheDocument();
    expect(screen.getByTestId("drive-path")).toHaveTextContent("Everywhere");
  });

  it("marks what was imported and changed, and cannot choose what may not be downloaded", async () => {
    await openPicker();
    await items();
    const row = (id: string) => screen.getByTestId(`drive-choose-${id}`).closest("tr");
    expect(row("golf")).toHaveTextContent("Changed since your import");
    expect(row("sheet")).not.toHaveTextContent("import");
    expect(screen.getByTestId("drive-choose-kept")).toBeDisabled();
  });

  it("offers to connect an account, or says that it is not set up", async () => {
    const api = new FakeApi({ empty: true });
    api.drive.reset("99.apps.googleusercontent.com");
    const { user, unmount } = await openPicker(api);
    await user.click(await screen.findByTestId("drive-connect"));
    expect(await items()).toHaveLength(4);
    unmount();
    const other = new FakeApi({ empty: true });
    other.drive.reset();
    await openPicker(other);
    expect(await screen.findByTestId("drive-start")).toHaveTextContent("not set up");
  });

  it("offers to sign in again where the sign-in is over", async () => {
    const api = new FakeApi({ empty: true });
    api.drive.signOut();
    const { user } = await openPicker(api);
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("is over");
    await user.click(screen.getByTestId("drive-connect"));
    expect(await items()).toHaveLength(4);
  });

  it("is accessible", async () => {
    await openPicker();
    await items();
    await expectAccessible();
  });
});

describe("files from Google Drive", () => {
  it("are marked when they changed there, and brought up to date", async () => {
    const api = new FakeApi();
    api.drive.states.set(1, "changed");
    const { user } = await renderStep("files", { api });
    expect(await screen.findByTestId("drive-mark-1")).toHaveTextContent("Changed in Google Drive");
    await user.click(screen.getByTestId("drive-update-1"));
    await waitFor(() => expect(screen.getByTestId("drive-mark-1")).toHaveTextContent("As in Google Drive"));
  });

  it("that could not be added are named with why", async () => {
    const api = new FakeApi();
    api.driveAdd = async (importId) => ({
      import: await api.importOpen(importId),
      not_added: [{ id: "golf", code: "refused", message: "The owner does not let it", help: "Ask." }],
    });
    const { user } = await renderStep("files", { api });
    await user.click(await screen.findByTestId("choose-drive"));
    await user.click(await screen.findByTestId("drive-choose-golf"));
    await user.click(screen.getByTestId("drive-import"));
    const told = await screen.findByTestId("drive-not-added");
    expect(told).toHaveTextContent("unity_golf_club.csv: The owner does not let it. Ask.");
  });
});
