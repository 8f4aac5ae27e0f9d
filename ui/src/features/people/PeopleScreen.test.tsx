import { describe, expect, it } from "vitest";
import { expectAccessible, renderStep, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL, type FakeOptions } from "../../api/fake";

type Options = FakeOptions & { colorScheme?: "light" | "dark" };
type Rendered = Awaited<ReturnType<typeof renderStep>>;
type User = Rendered["user"];

/** The People step with its first group on screen. */
async function openPeople(options: Options = {}): Promise<Rendered> {
  const rendered = await renderStep("people", { people: "matched", ...options });
  await screen.findByTestId("question");
  return rendered;
}

const counts = (kind: string) => Number(screen.getByTestId(`kind-${kind}`).textContent?.replace(/\D/g, ""));
const openGroup = () =>
  screen.getAllByRole("option").find((option) => option.getAttribute("aria-selected") === "true")?.dataset
    .testid;
const member = (field: string) => screen.getByTestId(`member-${field}`);

async function openNamed(user: User, name: string) {
  await user.click(await screen.findByText(name, { selector: "[data-testid=queue] *" }));
  await waitFor(() => expect(openGroup()).toBeDefined());
  await screen.findByTestId("compare");
}

/** Settles the open group by keyboard alone: companies that differ are chosen first. */
async function settle(user: User) {
  const before = openGroup();
  if (screen.queryByTestId("company-conflict")) await user.keyboard("2");
  await user.keyboard("s");
  await waitFor(() => expect(openGroup()).not.toBe(before));
}

describe("before matching", () => {
  it("says what it does, runs, and sums up what was found", async () => {
    const { user } = await renderStep("people");
    expect(await screen.findByText(/compares the 379 clean records within each list/)).toBeInTheDocument();
    await user.click(screen.getByTestId("find-people"));
    expect(await screen.findByTestId("people-summary")).toHaveTextContent(
      "379 records are 353 people: 26 rows merged with another, 1 in the database already, 17 groups to settle.",
    );
    expect([counts("to_review"), counts("conflicts"), counts("changed"), counts("merged")]).toEqual([
      14, 2, 1, 24,
    ]);
  });

  it("checks the rows first, where Fix was passed over", async () => {
    const { api } = await renderStep("people");
    await screen.findByTestId("find-people");
    const asked = api.calls.filter((name) => name === "stage" || name === "people");
    expect(asked).toEqual(["stage", "people"]);
  });

  it("leads to Columns where a question is open", async () => {
    const needs = { code: "needs_answer" as const, message: "A question is still open.", help: null };
    const { user } = await renderStep("people", { fail: { people: needs } });
    await user.click(await screen.findByText("Go to Columns"));
    expect(screen.getByTestId("step-columns")).toHaveAttribute("aria-current", "step");
  });

  it("shows the stage and the time left, and can be cancelled", async () => {
    const { user, api } = await renderStep("people");
    const button = await screen.findByTestId("find-people");
    api.options.jobTime = 60_000;
    await user.click(button);
    expect(await screen.findByTestId("progress-panel")).toHaveTextContent(/Comparing records.*left/);
    await user.click(screen.getByTestId("cancel-job"));
    expect(await screen.findByText(/Cancelled/)).toBeInTheDocument();
    expect(await screen.findByTestId("find-people")).toBeEnabled();
  });

  it("tells what went wrong, and tries again", async () => {
    const { user, api } = await renderStep("people", { fail: { peopleMatch: DISK_FULL } });
    await user.click(await screen.findByTestId("find-people"));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    api.options.fail = {};
    await user.click(screen.getByText("Try again"));
    expect(await screen.findByTestId("people-summary")).toBeInTheDocument();
  });

  it("says when the results are out of date, and runs again", async () => {
    const { user } = await openPeople({ people: "stale" });
    expect(screen.getByTestId("people-stale")).toHaveTextContent("3 rows were edited since.");
    await user.click(screen.getByTestId("match-again"));
    await waitFor(() => expect(screen.queryByTestId("people-stale")).toBeNull());
  });
});

describe("deciding by keyboard", () => {
  it("settles ten pairs in a row, and the next one is there each time", async () => {
    const { user } = await openPeople();
    for (let settled = 1; settled <= 10; settled++) {
      await settle(user);
      await waitFor(() => expect(counts("decided")).toBe(settled));
    }
    expect(counts("to_review")).toBe(4);
    expect(screen.getByTestId("people-said")).toHaveTextContent(/^Same person\. Next: .+\. 7 groups left\.$/);
  });

  it("takes decisions faster than they are answered", async () => {
    const { user, api } = await openPeople({ latency: 40 });
    await screen.findByTestId("compare");
    const said: string[] = [];
    for (const _ of [1, 2, 3]) {
      const before = openGroup();
      said.push(before ?? "");
      await user.keyboard("d");
      await waitFor(() => expect(openGroup()).not.toBe(before));
      await screen.findByTestId("compare");
    }
    await waitFor(() => expect(counts("decided")).toBe(3));
    expect(new Set(said).size).toBe(3);
    expect(api.calls.filter((name) => name === "peopleDecide")).toHaveLength(3);
  });

  it("undoes the last decision and opens its group again", async () => {
    const { user } = await openPeople();
    const first = openGroup();
    await settle(user);
    await settle(user);
    const third = openGroup();
    await user.keyboard("u");
    await waitFor(() => expect(counts("decided")).toBe(1));
    expect(openGroup()).not.toBe(third);
    await user.keyboard("u");
    await waitFor(() => expect(openGroup()).toBe(first));
    expect(counts("decided")).toBe(0);
    await user.keyboard("u");
    expect(screen.getByTestId("people-said")).toHaveTextContent("Nothing was decided here yet.");
  });

  it("decides about the records that are on screen, whatever number their group has meanwhile", async () => {
    const { user, api } = await openPeople({ renumber: true });
    for (const settled of [1, 2, 3]) {
      const name = screen.getByTestId(openGroup() ?? "").textContent ?? "";
      if (screen.queryByTestId("company-conflict")) await user.keyboard("1");
      await user.keyboard("s");
      await waitFor(() => expect(counts("decided")).toBe(settled));
      await screen.findByTestId("compare");
      const [last] = (await api.peopleDecisions(null, 0, 1)).items;
      expect(name).toContain(last?.label.split(" (")[0]);
    }
    await user.keyboard("u");
    await waitFor(() => expect(counts("decided")).toBe(2));
    expect(screen.getByTestId(openGroup() ?? "")).toHaveTextContent("Brittany Norris");
  });

  it("puts a group off to the end of the queue", async () => {
    const { user, api } = await openPeople();
    const first = openGroup();
    await user.keyboard("l");
    await waitFor(() => expect(screen.getAllByRole("option")[0]?.dataset.testid).not.toBe(first));
    const every = { field: null, clubs: [], score_from: null, score_to: null, text: null };
    const queue = await api.peopleQueue(1, { ...every, kind: "to_review" }, 0, 100);
    expect(`group-${queue.items.at(-1)?.group}`).toBe(first);
    await user.type(screen.getByTestId("people-search"), "holmes");
    await waitFor(() => expect(screen.getByTestId(first ?? "")).toHaveTextContent("Later"));
  });

  it("asks for the company before two records are one person", async () => {
    const { user } = await openPeople();
    await openNamed(user, "Maria de la Cruz");
    const conflict = await screen.findByTestId("company-conflict");
    expect(conflict).toHaveTextContent("Unity Golf Club (unity_golf_club.csv, line 11)");
    expect(conflict).toHaveTextContent("US Softball League (us_softball_league.tsv, line 14)");
    await user.keyboard("s");
    expect(screen.getByTestId("people-said")).toHaveTextContent("Choose the company first: press 1 or 2.");
    await waitFor(() => expect(document.activeElement).toHaveAccessibleName(/^Company of record 1/));
    await user.keyboard("2");
    expect(member("company")).toHaveTextContent("Bell Partners");
    expect(member("company")).toHaveTextContent("you chose it");
    await user.keyboard("s");
    await waitFor(() => expect(counts("decided")).toBe(1));
  });

  it("takes what moves with a chosen value from the same record", async () => {
    const { user, api } = await openPeople();
    await user.click(screen.getByTestId("kind-conflicts"));
    await screen.findByTestId("company-conflict");
    expect(member("state")).toHaveTextContent("choose");
    await user.keyboard("2");
    expect(member("company")).toHaveTextContent("Nguyen Logistics");
    expect(member("state")).toHaveTextContent("WI2moves with company");
    await user.keyboard("s");
    await waitFor(() => expect(counts("decided")).toBe(1));
    const [last] = (await api.peopleDecisions(null, 0, 1)).items;
    expect(last?.values).toEqual([{ field: "company", value: "Nguyen Logistics" }]);
  });

  it("chooses and types values without the mouse", async () => {
    const { user } = await openPeople();
    expect(member("given_name")).toHaveTextContent("Robert");
    await user.keyboard("2");
    expect(member("given_name")).toHaveTextContent("Bob2you chose it");
    await user.keyboard("{ArrowLeft}");
    expect(member("given_name")).toHaveTextContent("Robert");
    await user.keyboard("t");
    const input = await screen.findByTestId("type-given_name");
    expect(input).toHaveFocus();
    await user.keyboard("Bess{Enter}");
    expect(member("given_name")).toHaveTextContent("Bessyou typed it");
    await user.keyboard("f");
    expect(screen.getByTestId("field-detail")).toHaveTextContent("Family name: Holmes");
    await user.keyboard("{Shift>}f{/Shift}0");
    expect(member("given_name")).toHaveTextContent("longest value");
    expect(screen.getByTestId("field-detail")).toHaveTextContent(
      "record 1: Unity Golf Club, unity_golf_club.csv, line 5 · others say Bob",
    );
  });

  it("does not take keys from where something is typed", async () => {
    const { user, api } = await openPeople();
    await user.type(screen.getByTestId("people-search"), "sd");
    expect(await screen.findByText("No group found")).toBeInTheDocument();
    expect(api.calls).not.toContain("peopleDecide");
    await user.click(screen.getByTestId("people-clear"));
    await screen.findByTestId("compare");
    await user.click(screen.getByTestId("open-decisions"));
    await user.keyboard("sd");
    expect(api.calls).not.toContain("peopleDecide");
  });

  it("moves through the list, and shows the keys", async () => {
    const { user } = await openPeople();
    const places = screen.getAllByRole("option").map((option) => option.dataset.testid);
    await user.keyboard("j");
    expect(openGroup()).toBe(places[1]);
    await user.keyboard("k");
    expect(openGroup()).toBe(places[0]);
    screen.getByTestId("queue").focus();
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(openGroup()).toBe(places[2]);
    expect(screen.getByTestId("queue")).toHaveAttribute("aria-activedescendant", places[2]);
    await user.keyboard("?");
    expect(await screen.findByTestId("keys-list")).toHaveTextContent("Different people");
  });

  it("keeps the group where a decision fails, and says why", async () => {
    const { user } = await openPeople({ fail: { peopleDecide: DISK_FULL } });
    const first = openGroup();
    await user.keyboard("s");
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    await waitFor(() => expect(openGroup()).toBe(first));
    expect(counts("decided")).toBe(0);
  });
});

describe("three records", () => {
  async function openThree(options: Options = {}) {
    const rendered = await openPeople(options);
    await openNamed(rendered.user, "Thomas Brennan / Tom Brennan +1");
    await screen.findByTestId("exclude-3");
    return rendered;
  }

  it("takes the one out that fits least, by key", async () => {
    const { user, api } = await openThree();
    await user.keyboard("e");
    expect(screen.getByTestId("exclude-3")).toHaveAttribute("aria-pressed", "true");
    expect(member("suffix")).toHaveTextContent("blank");
    expect(screen.getByTestId("decide-same")).toHaveTextContent("Same, without 3");
    await user.keyboard("s");
    await waitFor(() => expect(counts("decided")).toBe(1));
    const [decision] = (await api.peopleDecisions(null, 0, 1)).items;
    expect(decision?.label).toBe(
      "Thomas Brennan (Unity Golf Club) and Tom Brennan (US Softball League) are one person",
    );
  });

  it("takes any out by its number or by a click, and back in", async () => {
    const { user } = await openThree();
    await user.keyboard("{Shift>}[Digit1]{/Shift}");
    expect(screen.getByTestId("exclude-1")).toHaveAttribute("aria-pressed", "true");
    await user.click(screen.getByTestId("exclude-1"));
    expect(screen.getByTestId("exclude-1")).toHaveAttribute("aria-pressed", "false");
    await user.click(screen.getByTestId("exclude-1"));
    await user.click(screen.getByTestId("exclude-2"));
    await user.keyboard("s");
    expect(screen.getByTestId("people-said")).toHaveTextContent("Only one record is left");
    expect(counts("decided")).toBe(0);
  });
});

describe("what is on screen", () => {
  it("tells same, different, missing and changed in words, too", async () => {
    const { user } = await openPeople();
    expect(screen.getByTestId("pick-given_name-1")).toHaveAccessibleName(
      "Given name of record 1: Robert, different",
    );
    expect(screen.getByTestId("pick-family_name-2")).toHaveAccessibleName(
      "Family name of record 2: Holmes, the same",
    );
    await user.click(screen.getByTestId("kind-changed"));
    expect(await screen.findByTestId("changed-since")).toHaveTextContent(
      /kim said “same person” on .*given name of record 1 became Ann \(was Anna\)/,
    );
    expect(screen.getByTestId("pick-given_name-1")).toHaveTextContent("changed since: was Anna");
  });

  it("explains the probability bar by bar, with the part of a rare value", async () => {
    const { user } = await openPeople();
    const table = within(screen.getByTestId("waterfall"));
    expect(table.getByRole("row", { name: /^Before looking/ })).toHaveTextContent("−19.5<1%");
    expect(table.getByRole("row", { name: /^Family name/ })).toHaveTextContent(
      "−0.5 since the value is frequent",
    );
    expect(table.getByRole("row", { name: /^All together/ })).toHaveTextContent("93%");
    await openNamed(user, "Thomas Brennan / Tom Brennan +1");
    expect(await screen.findByTestId("why-pair")).toHaveValue("1 and 3: 87%");
  });

  it("narrows the queue by field, clubs and probability", async () => {
    const { user } = await openPeople();
    await user.click(screen.getByTestId("people-filters"));
    await user.click(await screen.findByTestId("filter-field"));
    await user.click(await screen.findByRole("option", { name: "Company" }));
    await waitFor(() => expect(within(screen.getByTestId("queue")).getAllByRole("option")).toHaveLength(2));
    await user.click(screen.getByTestId("filter-score"));
    await user.click(await screen.findByRole("option", { name: "90% to 99%" }));
    expect(await screen.findByText("No group found")).toBeInTheDocument();
    await user.click(screen.getByTestId("people-clear"));
    await waitFor(() =>
      expect(within(screen.getByTestId("queue")).getAllByRole("option").length).toBeGreaterThan(5),
    );
  });

  it("hides personal data everywhere", async () => {
    const { user } = await openPeople();
    await settle(user);
    await user.click(screen.getByText("Hide personal data"));
    const text = document.body.textContent ?? "";
    for (const name of ["Robert", "Holmes", "Maria", "Cruz", "1984"]) expect(text).not.toContain(name);
    const names = screen.getAllByRole("button").map((button) => button.getAttribute("aria-label") ?? "");
    expect(names.join()).not.toMatch(/Maria|Cruz|1984/);
    await user.keyboard("{Shift>}f{/Shift}t");
    expect(screen.getByTestId("people-said")).toHaveTextContent("Show personal data to type a value.");
    await user.click(screen.getByTestId("open-decisions"));
    expect(await screen.findByTestId("decision-1")).toHaveTextContent("Same person");
    expect(screen.getByTestId("decision-1")).not.toHaveTextContent("Holmes");
  });

  it("has nothing to review, says what was found, and leads to Push", async () => {
    const { user } = await renderStep("people", { people: "nothing" });
    expect(await screen.findByText("Nothing to review")).toBeInTheDocument();
    expect(
      screen.getByText(/379 records are 355 people. 24 people were found in several records/),
    ).toBeInTheDocument();
    await user.click(screen.getByTestId("people-push"));
    expect(await screen.findByTestId("impact")).toBeInTheDocument();
  });

  it("tells what went wrong with the queue and with a group", async () => {
    const { user, api } = await renderStep("people", {
      people: "matched",
      fail: { peopleQueue: DISK_FULL },
    });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    api.options.fail = { peopleGroup: DISK_FULL };
    await user.click(screen.getByText("Try again"));
    await screen.findByTestId("group-1");
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    api.options.fail = {};
    await user.click(screen.getByText("Try again"));
    expect(await screen.findByTestId("question")).toBeInTheDocument();
  });

  it.each(["light", "dark"] as const)("is accessible (%s)", async (colorScheme) => {
    const { user } = await openPeople({ colorScheme });
    await expectAccessible();
    await openNamed(user, "Thomas Brennan / Tom Brennan +1");
    await user.keyboard("e");
    await expectAccessible();
    await user.click(screen.getByTestId("kind-conflicts"));
    await screen.findByTestId("company-conflict");
    await expectAccessible();
  });
});
