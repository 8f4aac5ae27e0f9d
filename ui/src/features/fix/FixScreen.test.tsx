import { describe, expect, it } from "vitest";
import { expectAccessible, renderStep, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL, type FakeOptions } from "../../api/fake";

type Options = FakeOptions & { colorScheme?: "light" | "dark" };

/** The Fix step with its first block of rows on screen. */
async function openFix(options: Options = {}) {
  const rendered = await renderStep("fix", options);
  await screen.findByText("480 rows");
  await waitFor(() => expect(cell(0, "given_name")).toHaveTextContent("Corey"));
  return rendered;
}

function cell(row: number, field: string): HTMLElement {
  const found = document.querySelector<HTMLElement>(
    `.ag-row[row-index="${row}"] .ag-cell[col-id="${field}"]`,
  );
  if (!found) throw new Error(`no cell ${field} in row ${row}`);
  return found;
}

async function edit(
  user: Awaited<ReturnType<typeof openFix>>["user"],
  row: number,
  field: string,
  value: string,
) {
  await user.dblClick(cell(row, field));
  const input = await waitFor(() => {
    const found = cell(row, field).querySelector("input");
    if (!found) throw new Error("no editor");
    return found;
  });
  await user.clear(input);
  await user.type(input, `${value}{Enter}`);
}

describe("the rows", () => {
  it("shows what is wrong, not by colour alone", async () => {
    await openFix();
    expect(cell(0, "class")).toHaveTextContent("Suspect");
    expect(cell(0, "member_since")).toHaveTextContent("(error)");
    expect(cell(5, "company")).toHaveTextContent("(warning)");
    expect(cell(0, "birth_date")).toHaveTextContent("(changed by a rule)");
  });

  it("filters by class, by rule and by search, and clears the filters", async () => {
    const { user } = await openFix();
    await user.click(screen.getByTestId("class-suspect"));
    expect(await screen.findByText("101 rows found")).toBeInTheDocument();
    const rule = screen.getByTestId("issue-active_before_joined");
    await user.click(rule);
    expect(await screen.findByText("20 rows found")).toBeInTheDocument();
    expect(screen.getByTestId("issue-active_before_joined")).toHaveAttribute("aria-pressed", "true");
    await user.type(screen.getByTestId("row-search"), "nobody at all");
    expect(await screen.findByText("No rows found")).toBeInTheDocument();
    await user.click(screen.getByTestId("clear-filters-empty"));
    expect(await screen.findByText("480 rows")).toBeInTheDocument();
  });

  it("filters by the values of a field", async () => {
    const { user } = await openFix();
    await user.click(screen.getByTestId("tab-facets"));
    await user.click(await screen.findByLabelText("(empty)"));
    expect(await screen.findByText("24 rows found")).toBeInTheDocument();
  });

  it("sorts on the backend", async () => {
    const { user } = await openFix();
    const header = document.querySelector<HTMLElement>(
      '.ag-header-cell[col-id="score"] .ag-header-cell-label',
    );
    if (!header) throw new Error("no header");
    await user.click(header);
    await waitFor(() => expect(cell(0, "score")).toHaveTextContent("30"));
  });

  it("masks personal data", async () => {
    const { user } = await openFix();
    await user.click(screen.getByTestId("privacy-toggle"));
    await waitFor(() => expect(cell(0, "given_name")).not.toHaveTextContent("Corey"));
    expect(cell(0, "company")).toHaveTextContent("Keller Group");
  });
});

describe("steps", () => {
  it("edits a cell, offers it for all alike, and undoes any step", async () => {
    const { user } = await openFix();
    await edit(user, 0, "company", "Keller AG");
    await waitFor(() => expect(cell(0, "company")).toHaveTextContent("Keller AG (edited by you)"));
    await user.click(await screen.findByTestId("apply-alike"));
    await user.click(screen.getByTestId("tab-steps"));
    expect(await screen.findByTestId("op-row-2")).toHaveTextContent("Keller Group");
    await user.click(screen.getByTestId("op-undo-1"));
    await waitFor(() => expect(screen.queryByTestId("op-row-1")).toBeNull());
    expect(screen.getByTestId("op-row-2")).toBeInTheDocument();
    await user.click(screen.getByTestId("redo"));
    expect(await screen.findByTestId("op-row-1")).toBeInTheDocument();
  });

  it("takes an edit back when it is refused", async () => {
    const { user } = await openFix({ fail: { operationAdd: DISK_FULL } });
    await edit(user, 0, "company", "Keller AG");
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    await waitFor(() => expect(cell(0, "company")).toHaveTextContent("Keller Group"));
  });

  it("finds and replaces by keyboard, with a preview first", async () => {
    const { user } = await openFix();
    await user.keyboard("{Control>}f{/Control}");
    const field = await screen.findByTestId("replace-field");
    await user.click(field);
    await user.click(await screen.findByRole("option", { name: "Family name" }));
    await user.type(screen.getByTestId("replace-find"), "Mclaughlin");
    await user.type(screen.getByTestId("replace-with"), "McLaughlin");
    expect(await screen.findByText(/rows would change/)).toBeInTheDocument();
    await expectAccessible();
    await user.click(screen.getByTestId("replace-apply"));
    await waitFor(() => expect(screen.queryByTestId("replace-apply")).toBeNull());
    await user.keyboard("{Control>}z{/Control}");
    await waitFor(() => expect(screen.getByTestId("tab-steps")).toHaveTextContent(/^Steps$/));
  });

  it("merges near spellings", async () => {
    const { user, api } = await openFix();
    await user.click(screen.getByTestId("spellings-open"));
    await user.click(await screen.findByTestId("spelling-merge"));
    await waitFor(async () => expect(await api.operations(1)).toHaveLength(1));
  });

  it("excludes what is found", async () => {
    const { user } = await openFix();
    await user.click(screen.getByTestId("class-suspect"));
    await screen.findByText("101 rows found");
    await user.click(screen.getByTestId("rows-menu"));
    await user.click(await screen.findByTestId("exclude-found"));
    await waitFor(() => expect(screen.getByTestId("class-excluded")).toHaveTextContent("Excluded 101"));
  });
});

describe("why", () => {
  it("tells the story of the cell in focus, opened and closed by keyboard", async () => {
    const { user } = await openFix();
    await user.click(cell(0, "member_since"));
    await user.keyboard("{F1}");
    const why = await screen.findByTestId("why-panel");
    await waitFor(() => expect(why).toHaveTextContent("Joined before birth"));
    expect(await within(why).findByTestId("raw-row")).toHaveTextContent("company_id");
    await user.keyboard("{F1}");
    await waitFor(() => expect(screen.queryByTestId("why-panel")).toBeNull());
  });

  it("shows the reason under the mouse", async () => {
    const { user } = await openFix();
    await user.hover(cell(5, "company"));
    const story = await screen.findByTestId("hover-story");
    await waitFor(() => expect(story).toHaveTextContent("Unknown company"));
  });
});

describe("waiting and faults", () => {
  it("sends an open question back to Columns", async () => {
    const unanswered = { code: "needs_answer", message: "A question is still open.", help: null } as const;
    const { user } = await renderStep("fix", { fail: { stage: unanswered } });
    await user.click(await screen.findByText("Go to Columns"));
    expect(screen.getByTestId("step-columns")).toHaveAttribute("aria-current", "step");
  });

  it("tells when rows cannot be fetched, and tries again", async () => {
    const { api, user } = await renderStep("fix", { fail: { rows: DISK_FULL } });
    const notice = await screen.findByTestId("error-notice");
    api.options.fail = {};
    await user.click(within(notice).getByText("Try again"));
    expect(await screen.findByText("480 rows")).toBeInTheDocument();
  });

  it("shows progress of the check and cancels it", async () => {
    const { user } = await renderStep("fix", { jobTime: 60_000 });
    expect(await screen.findByTestId("progress-panel")).toHaveTextContent("Checking the rows");
    await user.click(screen.getByTestId("cancel-job"));
    expect(await screen.findByText("Start again")).toBeInTheDocument();
  });
});

describe("accessibility", () => {
  it.each(["light", "dark"] as const)("has no violations (%s)", async (colorScheme) => {
    const { user } = await openFix({ colorScheme });
    await user.click(cell(0, "member_since"));
    await user.keyboard("{F1}");
    await screen.findByTestId("raw-row");
    await expectAccessible();
  });
});
