import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL, type FakeOptions } from "../../api/fake";

const open = (options: FakeOptions & { at?: string } = {}) => renderApp({ at: "#/members", ...options });

async function edit(user: ReturnType<typeof open>["user"], field: string, text: string) {
  const input = await screen.findByTestId(`member-field-${field}`);
  await user.clear(input);
  if (text) await user.type(input, text);
}

describe("the Members screen", () => {
  it("lists members in the order of their names and is accessible", async () => {
    open();
    expect(await screen.findByTestId("members-found")).toHaveTextContent("70 members");
    const names = screen.getAllByTestId(/^member-open-/).map((name) => name.textContent);
    expect(names[0]).toContain("de la Cruz");
    await expectAccessible();
  });

  it("finds by name, birth date and club, and can be cleared", async () => {
    const { user } = open();
    await user.type(await screen.findByTestId("members-name"), "lee rob");
    await waitFor(() => expect(screen.getByTestId("members-found")).toHaveTextContent(/^2 members$/));
    await user.type(screen.getByTestId("members-born"), "1800");
    expect(await screen.findByText("No member is found")).toBeVisible();
    await user.click(screen.getByTestId("members-clear"));
    await waitFor(() => expect(screen.getByTestId("members-found")).toHaveTextContent("70 members"));
    await user.click(screen.getByTestId("members-club"));
    await user.click(await screen.findByRole("option", { name: "Unity Golf Club" }));
    await waitFor(() => expect(screen.getByTestId("members-found")).toHaveTextContent("24 members"));
  });

  it("does not search for half a date", async () => {
    const { user, api } = open();
    await screen.findByTestId("members-found");
    await user.type(screen.getByTestId("members-born"), "13/4");
    expect(screen.getByText("YYYY-MM-DD or a year")).toBeVisible();
    expect(api.calls.filter((call) => call === "membersSearch")).toHaveLength(1);
  });

  it("says so when there is nobody, and when the search fails", async () => {
    open({ empty: true });
    expect(await screen.findByText("There are no members yet")).toBeVisible();
  });

  it("tells what went wrong", async () => {
    open({ fail: { membersSearch: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("The disk is full");
  });

  it("shows a member with history and provenance, by keyboard", async () => {
    const { user } = open();
    (await screen.findByTestId("member-open-4")).focus();
    await user.keyboard("{Enter}");
    const drawer = await screen.findByRole("dialog");
    expect(within(drawer).getByTestId("member-given_name")).toHaveTextContent("Lee");
    await expectAccessible();
    await user.click(screen.getByTestId("member-tab-history"));
    expect(screen.getByTestId("history-1")).toHaveTextContent("Added by push 1 of Autumn lists");
    await user.click(screen.getByTestId("member-tab-sources"));
    const sources = screen.getByTestId("member-sources");
    expect(sources).toHaveTextContent("unity_golf_club.csv, line 5");
    expect(sources).toHaveTextContent("unreadable date");
    await expectAccessible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(window.location.hash).toBe("#/members"));
  });

  it("edits a member, shows what changed, and takes it back", async () => {
    const { user } = open({ at: "#/members/1" });
    await user.click(await screen.findByTestId("member-edit"));
    expect(screen.getByTestId("member-save")).toBeDisabled();
    await edit(user, "given_name", "Anna");
    await edit(user, "1.score", "99");
    await expectAccessible();
    await user.click(screen.getByTestId("member-save"));
    await waitFor(() => expect(screen.getByTestId("member-given_name")).toHaveTextContent("Anna"));
    await user.click(screen.getByTestId("member-tab-history"));
    const entry = await screen.findByTestId("history-2");
    expect(entry).toHaveTextContent("Given name:Ann");
    expect(entry).toHaveTextContent("Score · Unity Golf Club");
    await user.click(screen.getByTestId("member-undo"));
    await waitFor(() => expect(screen.queryByTestId("history-2")).not.toBeInTheDocument());
  });

  it("names the field that cannot be read, and saves nothing", async () => {
    const { user, api } = open({ at: "#/members/1" });
    await user.click(await screen.findByTestId("member-edit"));
    await edit(user, "birth_date", "someday");
    await user.click(screen.getByTestId("member-save"));
    expect(await screen.findByText("The text is not a date. Type it as YYYY-MM-DD.")).toBeVisible();
    expect(screen.getByTestId("member-field-birth_date")).toHaveFocus();
    expect(api.calls).not.toContain("memberEdit");
  });

  it("shows yours and theirs when somebody else saved meanwhile", async () => {
    const { user, api } = open({ at: "#/members/1" });
    await user.click(await screen.findByTestId("member-edit"));
    await edit(user, "given_name", "Anna");
    await edit(user, "email", "anna@example.org");
    api.changeElsewhere(1, [
      { field: "given_name", value: "Annie" },
      { field: "state", value: "TX" },
    ]);
    await user.click(screen.getByTestId("member-save"));
    const notice = await screen.findByTestId("member-conflict");
    expect(notice).toHaveTextContent("kim changed this member");
    expect(screen.getByTestId("conflict-given_name")).toHaveTextContent("AnnaAnnie");
    expect(notice).toHaveTextContent("Also changed by them, and now below: State");
    await expectAccessible();
    await user.click(
      within(screen.getByTestId("conflict-given_name")).getByText("Theirs", { selector: "span" }),
    );
    expect(screen.getByTestId("member-field-given_name")).toHaveValue("Annie");
    await user.click(screen.getByTestId("member-save"));
    await waitFor(() => expect(screen.getByTestId("member-given_name")).toHaveTextContent("Annie"));
    expect(screen.getByTestId("member-state")).toHaveTextContent("TX");
    expect(screen.getByTestId("member-email")).toHaveTextContent("anna@example.org");
  });

  it("adds a member", async () => {
    const { user } = open();
    await user.click(await screen.findByTestId("new-member"));
    await edit(user, "given_name", "Zoe");
    await user.click(screen.getByTestId("member-save"));
    expect(await screen.findByText(/Choose a club/)).toBeVisible();
    await user.type(screen.getByTestId("member-new-club"), "New Club");
    await expectAccessible();
    await user.click(screen.getByTestId("member-save"));
    await waitFor(() => expect(window.location.hash).toBe("#/members/71"));
    expect(await screen.findByTestId("membership-71")).toHaveTextContent("New Club");
  });

  it("deletes a member after asking, and brings them back", async () => {
    const { user } = open({ at: "#/members/1" });
    await user.click(await screen.findByTestId("member-delete"));
    await expectAccessible();
    await user.click(await screen.findByTestId("member-delete-go"));
    await waitFor(() => expect(screen.getByTestId("members-found")).toHaveTextContent("69 members"));
    await user.click(await screen.findByTestId("member-undo"));
    await waitFor(() => expect(screen.getByTestId("members-found")).toHaveTextContent("70 members"));
    expect(await screen.findByTestId("member-given_name")).toHaveTextContent("Ann");
  });

  it("asks for the name of a prod profile", async () => {
    const { user } = open({ at: "#/members/1", environment: "prod" });
    await user.click(await screen.findByTestId("member-delete"));
    expect(await screen.findByTestId("member-delete-go")).toBeDisabled();
    await user.type(screen.getByTestId("confirm-profile"), "prod");
    await user.click(screen.getByTestId("member-delete-go"));
    await waitFor(() => expect(screen.getByTestId("members-found")).toHaveTextContent("69 members"));
  });

  it("draws a member's scores, of each club and of all together, with tables", async () => {
    const { user } = open({ at: "#/members/1" });
    await user.click(await screen.findByTestId("member-tab-scores"));
    const chart = await screen.findByTestId("score-chart");
    expect(within(chart).getByRole("img")).toHaveAccessibleName(
      /Unity Golf Club: 48.5, then 55.25;.*together/,
    );
    expect(chart.querySelectorAll("path")).toHaveLength(3);
    expect(screen.getByTestId("score-combined")).toHaveTextContent(
      "(2 × 55.25 + 1 × 61) ÷ (2 + 1) = 57.1667",
    );
    expect(screen.getByTestId("score-rows-1")).toHaveTextContent("55.25");
    expect(screen.getByTestId("score-rows-combined")).toHaveTextContent("52.67");
    await expectAccessible();
  });

  it("says so where a member has no history of scores", async () => {
    const { user } = open({ at: "#/members/2" });
    await user.click(await screen.findByTestId("member-tab-scores"));
    expect(await screen.findByTestId("no-scores")).toBeVisible();
  });

  it("hides personal data, also from the form", async () => {
    localStorage.setItem("muster-hide-personal-data", "true");
    open({ at: "#/members/1" });
    expect(await screen.findByTestId("member-edit")).toBeDisabled();
    expect(screen.getByTestId("member-given_name")).not.toHaveTextContent("Ann");
    expect(document.body).not.toHaveTextContent("de la Cruz");
  });
});

describe("members who are one person", () => {
  async function choose(user: ReturnType<typeof open>["user"], ...ids: number[]) {
    for (const id of ids) await user.click(await screen.findByTestId(`member-choose-${id}`));
  }

  it("are compared side by side, merged with the values that were chosen, and taken back", async () => {
    const { user, api } = open();
    await choose(user, 2);
    expect(screen.getByTestId("members-merge")).toBeDisabled();
    await choose(user, 12);
    await user.click(screen.getByTestId("members-merge"));
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByTestId("merge-effect")).toHaveTextContent(
      "Member 12 goes into member 2",
    );
    await expectAccessible();
    await user.click(within(dialog).getByTestId("pick-family_name-2"));
    await waitFor(() =>
      expect(within(dialog).getByTestId("member-family_name")).toHaveTextContent("chosen by you"),
    );
    await user.click(within(dialog).getByTestId("merge-go"));
    await waitFor(() => expect(window.location.hash).toBe("#/members/2"));
    const drawer = await screen.findByTestId("merged-12");
    expect(drawer).toHaveTextContent("Merged by you");
    expect(screen.getByTestId("membership-12")).toBeVisible();
    expect(api.calls).toContain("memberMerge");
    await user.click(screen.getByTestId("member-undo"));
    await waitFor(() => expect(screen.queryByTestId("merged-12")).not.toBeInTheDocument());
  });

  it("are told apart again, after a look at what that does", async () => {
    const { user } = open();
    await choose(user, 2, 12);
    await user.click(screen.getByTestId("members-merge"));
    await user.click(await screen.findByTestId("merge-keep-2"));
    await waitFor(() =>
      expect(screen.getByTestId("merge-effect")).toHaveTextContent("Member 2 goes into member 12"),
    );
    await user.click(screen.getByTestId("merge-go"));
    await user.click(await screen.findByTestId("unmerge-2"));
    const effect = await screen.findByTestId("unmerge-effect");
    expect(effect).toHaveTextContent("is member 2 again");
    await expectAccessible();
    await user.click(screen.getByTestId("unmerge-go"));
    await waitFor(() => expect(screen.queryByTestId("unmerge-2")).not.toBeInTheDocument());
    await waitFor(() => expect(screen.getByTestId("members-found")).toHaveTextContent("70 members"));
  });

  it("are not merged when somebody changed one meanwhile", async () => {
    const { user, api } = open();
    await choose(user, 2, 12);
    await user.click(screen.getByTestId("members-merge"));
    await screen.findByTestId("merge-effect");
    api.changeElsewhere(12, [{ field: "given_name", value: "Annie" }]);
    await user.click(screen.getByTestId("merge-go"));
    expect(await screen.findByText(/was changed meanwhile by kim/)).toBeVisible();
  });
});

describe("where values come from", () => {
  it("names the row of the list, the rule, and the person who typed", async () => {
    const { user } = open({ at: "#/members/1" });
    expect(await screen.findByTestId("origin-given_name")).toHaveTextContent("unity_golf_club.csv, line 2");
    expect(screen.getByTestId("origin-company")).toHaveTextContent("newest by last active");
    await user.click(screen.getByTestId("member-edit"));
    await edit(user, "given_name", "Anna");
    await user.click(screen.getByTestId("member-save"));
    await waitFor(() => expect(screen.getByTestId("origin-given_name")).toHaveTextContent("typed by you"));
  });
});
