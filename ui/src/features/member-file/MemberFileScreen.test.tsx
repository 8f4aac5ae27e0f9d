import { describe, expect, it } from "vitest";
import { cleanup, expectAccessible, renderApp, screen, waitFor } from "../../../tests/render";
import { DISK_FULL, type FakeApi, type FakeOptions } from "../../api/fake";

/** The screen with its file's first rows. */
async function openFile(options: FakeOptions & { colorScheme?: "light" | "dark" } = {}) {
  const rendered = renderApp({ ...options, at: "#/member-file" });
  await rendered.user.click(await screen.findByTestId("member-file-open"));
  await screen.findByText("60 rows");
  await waitFor(() => expect(cell(0, "c0")).toHaveTextContent("Corey"));
  return rendered;
}

/** Closes the window, and opens another one on the same backend. */
function startAgain(api: FakeApi, at: string) {
  cleanup();
  return renderApp({ api, at });
}

type User = Awaited<ReturnType<typeof openFile>>["user"];

function cell(row: number, column: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(
    `.ag-row[row-index="${row}"] .ag-cell[col-id="${column}"]`,
  );
  if (!found) throw new Error(`no cell ${column} in row ${row}`);
  return found;
}

async function edit(user: User, row: number, column: string, value: string) {
  await user.dblClick(cell(row, column));
  const input = await waitFor(() => {
    const found = cell(row, column).querySelector("input");
    if (!found) throw new Error("no editor");
    return found;
  });
  await user.clear(input);
  await user.type(input, `${value}{Enter}`);
}

async function tick(user: User, row: number) {
  const box = document.querySelector<HTMLElement>(`.ag-row[row-index="${row}"] .ag-selection-checkbox input`);
  if (!box) throw new Error(`no tick in row ${row}`);
  await user.click(box);
}

async function choose(user: User, menu: string, item: string) {
  await user.click(screen.getByTestId(menu));
  await user.click(await screen.findByTestId(item));
}

const unsaved = () => screen.getByTestId("member-unsaved");

describe("a member file", () => {
  it("starts with nothing open, by the keyboard too", async () => {
    const { user } = renderApp({ at: "#/member-file" });
    expect(await screen.findByText("No file is open")).toBeInTheDocument();
    await expectAccessible();
    screen.getByTestId("member-file-open").focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByText("60 rows")).toBeInTheDocument();
    expect(screen.getByTestId("member-file-name")).toHaveTextContent("master.csv");
    expect(unsaved()).toHaveTextContent("Saved");
    expect(screen.getByTestId("member-save")).toBeDisabled();
  });

  it.each(["light", "dark"] as const)("is accessible in %s colours", async (colorScheme) => {
    await openFile({ colorScheme });
    await expectAccessible();
  });

  it("is open still when one comes back to the screen", async () => {
    const { user } = await openFile();
    await edit(user, 0, "c3", "Keller AG");
    await user.click(screen.getByTestId("nav-history"));
    await user.click(screen.getByTestId("nav-member-file"));
    await screen.findByText("60 rows");
    await waitFor(() => expect(cell(0, "c3")).toHaveTextContent("Keller AG (edited by you)"));
    expect(unsaved()).toHaveTextContent("1 row not saved");
  });

  it("shows what the rules make of a typed text, and what they do not understand", async () => {
    const { user } = await openFile();
    await edit(user, 0, "c4", "oregon");
    await waitFor(() => expect(cell(0, "c4")).toHaveTextContent("OR"));
    expect(await screen.findByTestId("member-note")).toHaveTextContent("two-letter code");
    await edit(user, 1, "c2", "some day");
    await waitFor(() => expect(cell(1, "c2")).toHaveTextContent("some day (warning)"));
    await user.click(cell(1, "c2"));
    expect(await screen.findByTestId("member-warning")).toHaveTextContent("Birth date: Unreadable date.");
  });

  it("searches, and shows just what is not saved", async () => {
    const { user } = await openFile();
    await user.type(screen.getByTestId("member-search"), "sharon bell");
    expect(await screen.findByText("No rows found")).toBeInTheDocument();
    await user.click(screen.getByTestId("member-clear"));
    await screen.findByText("60 rows");
    await edit(user, 2, "c3", "Keller AG");
    await user.click(screen.getByTestId("member-show-unsaved"));
    expect(await screen.findByText("1 row found")).toBeInTheDocument();
    await waitFor(() => expect(cell(0, "state")).toHaveTextContent("Changed"));
  });

  it("deletes, adds, undoes and redoes", async () => {
    const { user } = await openFile();
    await tick(user, 0);
    await tick(user, 1);
    await choose(user, "member-rows-menu", "member-delete-selected");
    expect(await screen.findByText(/^58 rows/)).toBeInTheDocument();
    await user.click(screen.getByTestId("member-add"));
    expect(await screen.findByText(/^59 rows/)).toBeInTheDocument();
    // The new row is in sight, and typing goes into its first cell.
    await waitFor(() => expect(cell(58, "state")).toHaveTextContent("New"));
    await waitFor(() => expect(cell(58, "c0")).toHaveClass("ag-cell-focus"));
    expect(unsaved()).toHaveTextContent("3 rows not saved");
    await user.click(screen.getByTestId("member-undo"));
    expect(await screen.findByText(/^58 rows/)).toBeInTheDocument();
    await user.click(screen.getByTestId("member-undo"));
    expect(await screen.findByText(/^60 rows/)).toBeInTheDocument();
    await waitFor(() => expect(unsaved()).toHaveTextContent("Saved"));
    expect(screen.getByTestId("member-undo")).toBeDisabled();
    await user.click(screen.getByTestId("member-redo"));
    expect(await screen.findByText(/^58 rows/)).toBeInTheDocument();
    await user.click(screen.getByTestId("member-steps"));
    expect(await screen.findByTestId("member-step-1")).toHaveTextContent("Delete 2 rowsNot saved");
    expect(screen.getByTestId("member-step-2")).toHaveTextContent("Add a rowUndone");
  });

  it("brings a deleted row back", async () => {
    const { user } = await openFile();
    await tick(user, 0);
    await choose(user, "member-rows-menu", "member-delete-selected");
    await screen.findByText(/^59 rows/);
    await user.click(screen.getByTestId("member-show-unsaved"));
    await waitFor(() => expect(cell(0, "state")).toHaveTextContent("Deleted"));
    await tick(user, 0);
    await choose(user, "member-rows-menu", "member-restore-selected");
    await waitFor(() => expect(unsaved()).toHaveTextContent("Saved"));
    expect(await screen.findByText("Everything is saved.")).toBeInTheDocument();
  });

  it("saves with the keyboard, and restores a previous version", async () => {
    const { user } = await openFile();
    await edit(user, 0, "c3", "Keller AG");
    await waitFor(() => expect(unsaved()).toHaveTextContent("1 row not saved"));
    await user.keyboard("{Control>}s{/Control}");
    await waitFor(() => expect(unsaved()).toHaveTextContent("Saved"));
    await choose(user, "member-more", "member-versions");
    await user.click(await screen.findByTestId("member-restore-version-1"));
    await user.click(await screen.findByTestId("member-discard"));
    await waitFor(() => expect(cell(0, "c3")).toHaveTextContent("Keller Group"));
  });

  it("says that another program changed the file, and offers a way on", async () => {
    const { user, api } = await openFile();
    await edit(user, 0, "c3", "Keller AG");
    await waitFor(() => expect(unsaved()).toHaveTextContent("1 row not saved"));
    api.changedOnDisk = true;
    await user.click(screen.getByTestId("member-save"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("Another program has changed");
    await expectAccessible();
    await user.click(screen.getByTestId("member-error-reload"));
    expect(await screen.findByText(/1 row is not saved yet/)).toBeInTheDocument();
    await user.keyboard("{Escape}");
    await user.click(screen.getByTestId("member-error-save-as"));
    await waitFor(() => expect(screen.getByTestId("member-file-name")).toHaveTextContent("members.csv"));
    expect(unsaved()).toHaveTextContent("Saved");
  });

  it("asks before changes are lost", async () => {
    const { user } = await openFile();
    await edit(user, 0, "c3", "Keller AG");
    await waitFor(() => expect(unsaved()).toHaveTextContent("1 row not saved"));
    await choose(user, "member-more", "member-close");
    await user.click(await screen.findByTestId("member-discard"));
    expect(await screen.findByText("No file is open")).toBeInTheDocument();
  });

  it("takes an edit back that was refused", async () => {
    const { user } = await openFile({ fail: { memberFileEdit: DISK_FULL } });
    await edit(user, 0, "c3", "Keller AG");
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    expect(cell(0, "c3")).toHaveTextContent("Keller Group");
  });

  it("masks personal data, and what Muster does not know", async () => {
    const { user } = await openFile();
    await edit(user, 0, "c7", "38");
    await user.click(screen.getByTestId("privacy-toggle"));
    await waitFor(() => expect(cell(0, "c0")).not.toHaveTextContent("Corey"));
    expect(cell(0, "c7")).not.toHaveTextContent("38");
    expect(cell(0, "c8")).toHaveTextContent("Golf Club");
  });

  it("offers what was not saved when Muster closed, and goes on with it", async () => {
    const { user, api } = await openFile();
    await edit(user, 0, "c3", "Keller AG");
    await waitFor(() => expect(unsaved()).toHaveTextContent("1 row not saved"));
    api.closeWindow();
    const again = startAgain(api, "#/history");
    await again.user.click(await screen.findByTestId("member-draft-reminder"));
    const draft = await screen.findByTestId("member-draft");
    expect(draft).toHaveTextContent("master.csv");
    expect(draft).toHaveTextContent("1 row not saved");
    await expectAccessible();
    await again.user.click(screen.getByTestId("member-draft-resume"));
    await waitFor(() => expect(cell(0, "c3")).toHaveTextContent("Keller AG (edited by you)"));
    expect(screen.getByTestId("member-notices")).toHaveTextContent("had not saved when Muster closed");
    expect(await api.memberFileDrafts()).toEqual([]);
  });

  it("asks before it discards what was not saved", async () => {
    const { user, api } = await openFile();
    await edit(user, 0, "c3", "Keller AG");
    await waitFor(() => expect(unsaved()).toHaveTextContent("1 row not saved"));
    api.closeWindow();
    const again = startAgain(api, "#/member-file");
    await again.user.click(await screen.findByTestId("member-draft-discard"));
    expect(await screen.findByText(/1 row is not saved yet/)).toBeInTheDocument();
    expect(await api.memberFileDrafts()).toHaveLength(1);
    await again.user.click(screen.getByTestId("member-discard"));
    await waitFor(() => expect(screen.queryByTestId("member-draft")).not.toBeInTheDocument());
    expect(await api.memberFileDrafts()).toEqual([]);
    expect(screen.getByText("No file is open")).toBeInTheDocument();
  });

  it("says that a file cannot be opened", async () => {
    const { user } = renderApp({ at: "#/member-file", fail: { memberFileOpen: DISK_FULL } });
    await user.click(await screen.findByTestId("member-file-open"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
  });
});
