import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL, type FakeOptions } from "../../api/fake";

const open = (options: FakeOptions & { at?: string } = {}) => renderApp({ at: "#/rejects", ...options });
type User = ReturnType<typeof open>["user"];

async function fill(user: User, cell: number, text: string) {
  const input = await screen.findByTestId(`cell-${cell}`);
  await user.clear(input);
  if (text) await user.type(input, text);
}

/** Opens row 1 and gives it a birth date. */
async function fixFirst(user: User) {
  await user.click(await screen.findByTestId("reject-open-1"));
  await fill(user, 1, "1990-04-03");
  await user.click(screen.getByTestId("reject-save"));
  expect(await screen.findByTestId("reject-verdict")).toHaveTextContent("Nothing is wrong with the row");
}

describe("the Rejects screen", () => {
  it("lists open rows with their reasons, and counts them on the way to it", async () => {
    open();
    expect(await screen.findByTestId("reject-row-1")).toHaveTextContent("Unreadable date");
    expect(screen.getByTestId("reject-row-4")).toHaveTextContent("In the database already");
    expect(screen.getByTestId("nav-rejects")).toHaveTextContent("Rejects4, 4 open rows");
    await expectAccessible();
  });

  it("says when there is none, and when the list cannot be had", async () => {
    open({ empty: true });
    expect(await screen.findByText("No row waits for you")).toBeVisible();
    expect(screen.queryByTestId("rejects-badge")).not.toBeInTheDocument();
    await expectAccessible();
  });

  it("tells what went wrong", async () => {
    open({ fail: { rejectsList: DISK_FULL, rejectsOpen: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("The disk is full");
    expect(screen.queryByTestId("rejects-badge")).not.toBeInTheDocument();
  });

  it("shows a row as it came, marks the faulty cell, and takes another text, by keyboard", async () => {
    const { user } = open();
    (await screen.findByTestId("reject-open-1")).focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByTestId("reject-raw")).toHaveTextContent("Ines Hart,next week,TX,38");
    const born = screen.getByLabelText("born (Birth date)");
    expect(born).toHaveAccessibleDescription(/Unreadable date/);
    expect(born).toBeInvalid();
    expect(screen.getByLabelText("state (State)")).toBeValid();
    await expectAccessible();
    await fill(user, 1, "1990-04-03");
    expect(screen.getByTestId("reject-replay")).toBeDisabled();
    await user.keyboard("{Enter}");
    expect(await screen.findByTestId("reject-verdict")).toHaveTextContent("Nothing is wrong");
    expect(screen.getByTestId("cell-1")).toHaveAccessibleDescription(/It came as next week/);
    await expectAccessible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.getByTestId("reject-row-1")).toHaveTextContent("Fixed"));
    expect(screen.getByTestId("rejects-found")).toHaveTextContent("4 rows, 1 fixed and ready to be replayed");
  });

  it("keeps a row whose cells are too many until the last of them is empty", async () => {
    const { user } = open();
    await user.click(await screen.findByTestId("reject-open-2"));
    expect(await screen.findByTestId("reject-issues")).toHaveTextContent("More cells than columns");
    await fill(user, 0, "Omar Silva");
    await fill(user, 1, "1971-02-03");
    await fill(user, 2, "NY");
    await fill(user, 3, "44");
    await user.click(screen.getByTestId("reject-save"));
    expect(await screen.findByText(/It came as NY/)).toBeVisible();
    expect(screen.queryByTestId("reject-verdict")).not.toBeInTheDocument();
    await fill(user, 4, "");
    await user.click(screen.getByTestId("reject-save"));
    expect(await screen.findByTestId("reject-verdict")).toHaveTextContent("Nothing is wrong");
  });

  it("tells who was too late, and loads the row again", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("reject-open-1"));
    await fill(user, 1, "1990-04-03");
    api.fixedByAnother(1, "state", "OK");
    await user.click(screen.getByTestId("reject-save"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("Somebody else changed this row");
    await user.click(screen.getByTestId("reject-reload"));
    await waitFor(() => expect(screen.getByTestId("cell-2")).toHaveValue("OK"));
  });

  it("dismisses a row, and takes that back at once or later", async () => {
    const { user } = open();
    await user.click(await screen.findByTestId("reject-open-1"));
    await user.click(await screen.findByTestId("reject-dismiss"));
    await waitFor(() => expect(screen.queryByTestId("reject-row-1")).not.toBeInTheDocument());
    await user.click(await screen.findByTestId("dismiss-undo"));
    expect(await screen.findByTestId("reject-row-1")).toBeVisible();
    await user.click(screen.getByTestId("reject-open-1"));
    await user.click(await screen.findByTestId("reject-dismiss"));
    await user.click(await screen.findByRole("radio", { name: "Dismissed" }));
    await user.click(await screen.findByTestId("reject-open-1"));
    expect(await screen.findByTestId("reject-verdict")).toHaveTextContent("Dismissed");
    await expectAccessible();
    await user.click(screen.getByTestId("reject-restore"));
    expect(await screen.findByTestId("reject-save")).toBeVisible();
  });

  it("hides personal data, and the form with it", async () => {
    const { user } = open();
    await user.click(await screen.findByTestId("privacy-toggle"));
    await user.click(await screen.findByTestId("reject-open-1"));
    expect(await screen.findByTestId("reject-raw")).not.toHaveTextContent("Ines");
    expect(screen.getByTestId("cell-0")).toHaveValue("••••••");
    expect(screen.getByTestId("cell-0")).toHaveAttribute("readonly");
    expect(screen.getByTestId("reject-save")).toBeDisabled();
    await expectAccessible();
  });
});

describe("a replay", () => {
  it("shows what becomes of each row, then does it and tells", async () => {
    const { user } = open();
    await fixFirst(user);
    await user.click(screen.getByTestId("reject-replay"));
    expect(await screen.findByTestId("replay-says")).toHaveTextContent(/^Adds 1 members\.$/);
    expect(screen.getByTestId("replay-row-1")).toHaveTextContent("Ines Hart");
    await expectAccessible();
    await user.click(screen.getByTestId("replay-go"));
    expect(await screen.findByTestId("replay-report")).toHaveTextContent("push #1");
    await expectAccessible();
    await user.click(screen.getByTestId("replay-close"));
    await waitFor(() => expect(screen.queryByTestId("reject-row-1")).not.toBeInTheDocument());
    expect(screen.getByTestId("rejects-badge")).toHaveTextContent("3");
    await user.click(screen.getByRole("radio", { name: "Replayed" }));
    expect(await screen.findByTestId("reject-row-1")).toHaveTextContent("taken in by push #1");
    // Its undo opens the row again.
    await user.click(screen.getByTestId("nav-history"));
    await user.click(await screen.findByTestId("undo-1"));
    await user.click(await screen.findByTestId("undo-go"));
    await waitFor(() => expect(screen.getByTestId("rejects-badge")).toHaveTextContent("4"));
  });

  it("of rows that all stay cannot be started, and says why they stay", async () => {
    const { user } = open();
    await user.click(await screen.findByTestId("choose-1"));
    await user.click(screen.getByTestId("choose-4"));
    await user.click(screen.getByTestId("replay-selected"));
    expect(await screen.findByTestId("replay-says")).toHaveTextContent("None of these rows");
    const there = screen.getByTestId("replay-row-4");
    expect(there).toHaveTextContent("Differs there");
    expect(there).toHaveTextContent("State: OR there, WA here");
    expect(screen.getByTestId("replay-go")).toBeDisabled();
    // Another mode takes one of them in.
    await user.selectOptions(screen.getByTestId("replay-mode"), "Update");
    await waitFor(() => expect(screen.getByTestId("replay-go")).toBeEnabled());
    await user.click(screen.getByTestId("replay-go"));
    const report = await screen.findByTestId("replay-report");
    expect(report).toHaveTextContent("1 row taken in; 1 row stays in the inbox.");
    const stay = screen.getByRole("table", { name: "Rows that stay in the inbox" });
    expect(within(stay).getByTestId("replay-row-1")).toHaveTextContent("Unreadable date");
  });

  it("asks for the name of prod", async () => {
    const { user } = open({ environment: "prod" });
    await fixFirst(user);
    await user.keyboard("{Escape}");
    await user.click(await screen.findByTestId("replay-fixed"));
    expect(await screen.findByTestId("confirm-name")).toBeVisible();
    expect(screen.getByTestId("replay-go")).toBeDisabled();
    await user.type(screen.getByTestId("confirm-name"), "prod{Enter}");
    expect(await screen.findByTestId("replay-report")).toBeVisible();
  });

  it("is not done where something has changed since the plan", async () => {
    const { user, api } = open();
    await fixFirst(user);
    await user.click(screen.getByTestId("reject-replay"));
    await screen.findByTestId("replay-says");
    api.fixedByAnother(1, "born", "whenever");
    await user.click(screen.getByTestId("replay-go"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("have changed since");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.getByTestId("replay-says")).toHaveTextContent("None of these rows"));
  });
});
