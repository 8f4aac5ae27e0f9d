import { describe, expect, it } from "vitest";
import { expectAccessible, renderApp, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL, type FakeOptions } from "../../api/fake";

const open = (options: FakeOptions & { colorScheme?: "light" | "dark" } = {}) =>
  renderApp({ at: "#/statistics", ...options });

const bars = async (name: string) => {
  const card = await screen.findByTestId(`statistic-${name}`);
  return within(card)
    .getAllByRole("listitem")
    .map((bar) => bar.textContent);
};

describe("the Statistics screen", () => {
  it("draws every statistic with its numbers and is accessible", async () => {
    open();
    const summary = await screen.findByTestId("statistics-summary");
    expect(summary).toHaveTextContent("70 members with 77 memberships, as of 2026-11-25");
    expect((await bars("state")).at(-1)).toBe("Not known3 members, 4%");
    expect(await bars("company")).toHaveLength(8);
    expect((await bars("age"))[0]).toBe("under 180 members, 0%");
    expect(await bars("age")).toHaveLength(8);
    expect(await bars("tenure")).toHaveLength(6);
    expect(await bars("club")).toEqual([
      "Unity Golf Club24 members, 34%",
      "Harbour Rowing Club23 members, 33%",
      "US Softball League23 members, 33%",
      "Lakeside Tennis Club7 members, 10%",
    ]);
    await expectAccessible();
  });

  it("shows which clubs share members, each member once", async () => {
    open();
    const card = await screen.findByTestId("statistic-combinations");
    const rows = within(card).getAllByRole("row").slice(1);
    const counts = rows.map((row) => Number(/(\d+) members/.exec(row.textContent ?? "")?.[1]));
    expect(counts.reduce((sum, members) => sum + members, 0)).toBe(70);
    expect(rows.some((row) => (row.textContent?.match(/yes/g) ?? []).length === 2)).toBe(true);
    const pairs = within(await screen.findByTestId("statistic-pairs")).getByRole("table");
    const tennis = within(pairs).getByRole("row", { name: /^Lakeside Tennis Club/ });
    expect(within(tennis).getAllByRole("cell").at(-1)).toHaveTextContent(/^7$/);
  });

  it("has a table for every chart, by keyboard", async () => {
    const { user } = open();
    await screen.findByTestId("statistics-summary");
    for (const name of ["state", "company", "age", "tenure", "club", "combinations", "pairs"]) {
      const card = screen.getByTestId(`statistic-${name}`);
      within(card).getByRole("radio", { name: "Chart" }).focus();
      await user.keyboard("{ArrowRight}");
      expect(within(card).getByRole("radio", { name: "Table" })).toBeChecked();
      expect(within(card).queryByRole("list")).toBeNull();
      expect(within(card).getByRole("table")).toBeVisible();
    }
    expect(screen.getByTestId("statistic-combinations")).toHaveTextContent(
      "Lakeside Tennis Club + Unity Golf Club",
    );
    await expectAccessible();
  });

  it("counts one club, as of a day, and no half of one", async () => {
    const { user, api } = open();
    await user.click(await screen.findByTestId("statistics-club"));
    await user.click(await screen.findByRole("option", { name: "Lakeside Tennis Club" }));
    await waitFor(() =>
      expect(screen.getByTestId("statistics-summary")).toHaveTextContent(
        "7 members of Lakeside Tennis Club with 14 memberships",
      ),
    );
    // All of them joined it in May 2019, whenever they joined the other club.
    expect((await bars("tenure"))[3]).toBe("5–97 members, 100%");
    const counted = () => api.calls.filter((call) => call === "statistics").length;
    const before = counted();
    await user.type(screen.getByTestId("statistics-day"), "2020-06-0");
    await waitFor(() => expect(counted()).toBe(before));
    await user.type(screen.getByTestId("statistics-day"), "1");
    await waitFor(() =>
      expect(screen.getByTestId("statistics-summary")).toHaveTextContent("as of 2020-06-01"),
    );
    expect((await bars("tenure"))[1]).toBe("1–27 members, 100%");
    await user.type(screen.getByTestId("statistics-day"), "x");
    expect(await screen.findByText("Type it as YYYY-MM-DD")).toBeVisible();
  });

  it("saves what is shown, also from the palette", async () => {
    const { user, api } = open();
    await screen.findByTestId("statistics-summary");
    await user.click(screen.getByTestId("statistics-save"));
    expect(await screen.findByText("Saved statistics.xlsx.")).toBeVisible();
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByLabelText("Command"), "save statistics");
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(api.calls.filter((call) => call === "statisticsSave")).toHaveLength(2));
  });

  it("is reached from the palette", async () => {
    const { user } = renderApp();
    await screen.findByTestId("import-1");
    await user.keyboard("{Control>}k{/Control}");
    await user.type(await screen.findByLabelText("Command"), "go to statistics");
    await user.keyboard("{ArrowDown}{Enter}");
    expect(await screen.findByTestId("statistics-summary")).toBeVisible();
    expect(document.title).toBe("Statistics · Muster");
  });

  it("says so when there is nobody to count", async () => {
    open({ empty: true });
    expect(await screen.findByText("There are no members to count yet")).toBeVisible();
    expect(screen.getByTestId("statistics-save")).toBeDisabled();
    await expectAccessible();
  });

  it("tells what went wrong, and tries again", async () => {
    const { user, api } = open({ fail: { statistics: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("The disk is full");
    api.options.fail = {};
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByTestId("statistics-summary")).toBeVisible();
  });

  it("shows progress while it counts, and can be cancelled", async () => {
    const { user } = open({ jobTime: 60_000 });
    await user.click(await screen.findByTestId("cancel-job"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent("Cancelled");
    expect(screen.getByRole("button", { name: "Start again" })).toBeVisible();
  });

  it("is accessible in the dark", async () => {
    open({ colorScheme: "dark" });
    await screen.findByTestId("statistics-summary");
    await expectAccessible();
  });
});
