import { describe, expect, it } from "vitest";
import { expectAccessible, renderStep, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL, type FakeOptions } from "../../api/fake";

type Options = FakeOptions & { colorScheme?: "light" | "dark" };

/** The People step with one of its tools open. */
async function openTool(tool: "bulk" | "thresholds" | "rules" | "decisions", options: Options = {}) {
  const rendered = await renderStep("people", { people: "matched", ...options });
  await screen.findByTestId("question");
  await rendered.user.click(screen.getByTestId(`open-${tool}`));
  await screen.findByRole("dialog");
  return rendered;
}
const counts = (kind: string) => Number(screen.getByTestId(`kind-${kind}`).textContent?.replace(/\D/g, ""));

describe("bulk merge", () => {
  it("shows what it would do, does it, and is undone as one", async () => {
    const { user } = await openTool("bulk");
    expect(await screen.findByTestId("bulk-says")).toHaveTextContent(
      "12 groups of 25 records would be one person each. 2 groups with a conflict stay in the queue.",
    );
    expect(within(screen.getByTestId("bulk-samples")).getAllByRole("row")).toHaveLength(9);
    expect(screen.getByText(/Given name \(\d/)).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByTestId("bulk-go"));
    await waitFor(() => expect(counts("to_review")).toBe(2));
    expect(counts("decided")).toBe(12);
    expect(screen.getByTestId("people-said")).toHaveTextContent("Merged 25 records of 12 groups.");
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    await user.keyboard("u");
    await waitFor(() => expect(counts("to_review")).toBe(14));
  });

  it("takes only what the queue is narrowed to", async () => {
    const { user } = await renderStep("people", { people: "matched" });
    await user.type(await screen.findByTestId("people-search"), "nguyen");
    await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(1));
    await user.click(screen.getByTestId("open-bulk"));
    expect(await screen.findByTestId("bulk-says")).toHaveTextContent(
      "1 group of 2 records would be one person each.",
    );
  });

  it("tells what went wrong", async () => {
    const { user } = await openTool("bulk", { fail: { peopleBulkMerge: DISK_FULL } });
    await user.click(await screen.findByRole("button", { name: "Merge 12 groups" }));
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    expect(counts("to_review")).toBe(14);
  });
});

describe("thresholds", () => {
  const figure = (name: string) => Number(screen.getByTestId(`threshold-count-${name}`).textContent);

  it("counts while a handle moves, and applies", async () => {
    const { user } = await openTool("thresholds");
    await waitFor(() => expect(figure("ask")).toBeGreaterThan(0));
    const before = { ask: figure("ask"), merge: figure("merge"), apart: figure("apart") };
    const handle = screen.getByRole("slider", { name: "Merge from" });
    expect(handle).toHaveAttribute("aria-valuetext", "99%");
    handle.focus();
    // From 99% down to about 93%.
    await user.keyboard("{ArrowLeft>28/}");
    await waitFor(() => expect(figure("merge")).toBeGreaterThan(before.merge));
    expect(figure("ask") + figure("merge") + figure("apart")).toBe(before.ask + before.merge + before.apart);
    expect(figure("apart")).toBe(before.apart);
    await user.click(screen.getByTestId("threshold-apply"));
    await waitFor(() => expect(counts("to_review")).toBeLessThan(14));
    expect(screen.getByTestId("people-said")).toHaveTextContent("The thresholds are set.");
  });

  it("takes typed figures, and keeps the first below the second", async () => {
    const { user } = await openTool("thresholds");
    const ask = await screen.findByTestId("threshold-review");
    await user.clear(ask);
    await user.type(ask, "70");
    expect(screen.getByRole("slider", { name: "Ask from" })).toHaveAttribute("aria-valuetext", "70%");
    await user.clear(ask);
    await user.type(ask, "99.5");
    expect(screen.getByRole("slider", { name: "Ask from" })).not.toHaveAttribute("aria-valuetext", "99.5%");
  });
});

describe("rules", () => {
  it("shows on real rows what another rule would change, then sets it", async () => {
    const { user, api } = await openTool("rules");
    await user.click(await screen.findByTestId("rule-family_name"));
    await user.click(await screen.findByRole("option", { name: "Newest (by last active)" }));
    expect(await screen.findByTestId("rules-says")).toHaveTextContent(/(people|person) of 41 would change/);
    expect(within(screen.getByTestId("rules-examples")).getAllByText("Family name").length).toBeGreaterThan(
      0,
    );
    await user.click(screen.getByText("Follow the rule of the field"));
    await waitFor(() =>
      expect(screen.getByTestId("rules-says")).toHaveTextContent(
        "A person would have to choose for 0 instead of 4.",
      ),
    );
    await user.click(screen.getByTestId("rules-apply"));
    await waitFor(() => expect(counts("conflicts")).toBe(0));
    const { settings } = await api.survivorship(1);
    expect(settings.rules).toEqual({ family_name: { rule: "newest" } });
    expect(settings.company_conflict).toBe("follow_rule");
  });

  it("orders the clubs by buttons and by keyboard", async () => {
    const { user, api } = await openTool("rules");
    const clubs = () =>
      within(screen.getByRole("list", { name: "Clubs, the most trusted first" }))
        .getAllByRole("listitem")
        .map((item) => item.textContent);
    await screen.findByTestId("club-down-0");
    expect(clubs()).toEqual(["1. Unity Golf Club", "2. US Softball League"]);
    await user.click(screen.getByTestId("club-down-0"));
    expect(clubs()).toEqual(["1. US Softball League", "2. Unity Golf Club"]);
    screen.getByTestId("club-up-1").focus();
    await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(clubs()).toEqual(["1. Unity Golf Club", "2. US Softball League"]);
    await waitFor(() => expect(screen.getByTestId("club-up-0")).toHaveFocus());
    await user.click(await screen.findByTestId("rule-email"));
    await user.click(await screen.findByRole("option", { name: "The club most trusted" }));
    await user.click(screen.getByLabelText("Email: an order of its own"));
    expect(screen.getByRole("list", { name: "Clubs in the order of trust for Email" })).toBeInTheDocument();
    await waitFor(() => expect(screen.getByTestId("rules-apply")).toBeEnabled());
    await user.click(screen.getByTestId("rules-apply"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect((await api.survivorship(1)).settings.rules).toEqual({
      email: { rule: "source_priority", sources: ["Unity Golf Club", "US Softball League"] },
    });
  });

  it("does not take what cannot be meant", async () => {
    const { user } = await openTool("rules");
    await user.click(await screen.findByTestId("add-field-group"));
    expect(await screen.findByTestId("rules-problems")).toHaveTextContent(
      "Group 3 has fewer than two fields",
    );
    expect(screen.getByTestId("rules-apply")).toBeDisabled();
  });
});

describe("decisions", () => {
  it("lists who decided what and when, searches, and takes one back after saying what happens", async () => {
    const { user } = await renderStep("people", { people: "matched" });
    await screen.findByTestId("question");
    await user.keyboard("s");
    await waitFor(() => expect(counts("decided")).toBe(1));
    await screen.findByTestId("company-conflict");
    await user.keyboard("1s");
    await waitFor(() => expect(counts("decided")).toBe(2));
    await user.click(screen.getByTestId("open-decisions"));
    const last = await screen.findByTestId("decision-2");
    expect(last).toHaveTextContent(
      "Maria de la Cruz (Unity Golf Club) and Maria de la Cruz (US Softball League) are one person",
    );
    expect(last).toHaveTextContent(/company: Keller Group.*sam, Nov 20, 2026/);
    await user.type(screen.getByTestId("decision-search"), "holmes");
    await waitFor(() => expect(screen.queryByTestId("decision-2")).toBeNull());
    await user.click(await screen.findByTestId("decision-revert-1"));
    expect(screen.getByTestId("revert-says")).toHaveTextContent(
      "if matching doubts it, they are asked about again",
    );
    await user.click(screen.getByTestId("revert-go"));
    expect(
      await within(await screen.findByTestId("decision-1")).findByText(/Taken back/),
    ).toBeInTheDocument();
    expect(counts("decided")).toBe(1);
  });

  it("says so when there are none", async () => {
    await openTool("decisions");
    expect(await screen.findByText("No decisions yet")).toBeInTheDocument();
  });
});

describe("accessibility of the tools", () => {
  it.each(["light", "dark"] as const)("has no violations (%s)", async (colorScheme) => {
    const { user } = await renderStep("people", { people: "matched", colorScheme });
    await screen.findByTestId("question");
    await user.keyboard("s");
    await waitFor(() => expect(counts("decided")).toBe(1));
    const ready = {
      bulk: "bulk-samples",
      thresholds: "threshold-slider",
      rules: "rule-email",
      decisions: "decision-1",
    };
    for (const [tool, testId] of Object.entries(ready)) {
      await user.click(screen.getByTestId(`open-${tool}`));
      await screen.findByTestId(testId);
      await expectAccessible();
      await user.keyboard("{Escape}");
      await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    }
  });
});
