import { describe, expect, it } from "vitest";
import { expectAccessible, renderStep, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL } from "../../api/fake";
import { readings } from "./DateQuestion";

describe("columns", () => {
  it("shows what each column fills and how sure that is", async () => {
    await renderStep("columns");
    expect(await screen.findByTestId("column-target-1-0")).toHaveValue("Full name");
    expect(screen.getByRole("button", { name: /How sure: 71%.*joined/ })).toBeInTheDocument();
    expect(screen.getByTestId("next")).toHaveAttribute("aria-disabled", "false");
  });

  it("holds Next while a date question is open", async () => {
    const { user } = await renderStep("columns", { askDates: true });
    const question = await screen.findByTestId("date-question-2-3");
    expect(question).toHaveTextContent("03/04/2018: is it 3 April or March 4?");
    expect(question).toHaveTextContent("220 dates fit both ways");
    expect(screen.getByTestId("next")).toHaveAttribute("aria-disabled", "true");
    expect(screen.getByTestId("columns-hold")).toHaveTextContent("1 date question");
    await user.click(within(question).getByTestId("answer-month-day"));
    await waitFor(() => expect(screen.queryByTestId("date-question-2-3")).toBeNull());
    expect(screen.getByTestId("next")).toHaveAttribute("aria-disabled", "false");
  });

  it("says which required field has no column", async () => {
    const { user } = await renderStep("columns");
    await user.click(await screen.findByTestId("column-target-0-1"));
    await user.click(await screen.findByRole("option", { name: "Keep as extra" }));
    expect(await screen.findByText(/No column fills: Family name/)).toBeInTheDocument();
    expect(screen.getByTestId("next")).toHaveAttribute("aria-disabled", "true");
  });

  it("chooses a field by keyboard", async () => {
    const { user } = await renderStep("columns");
    const target = await screen.findByTestId("column-target-0-0");
    await user.click(target);
    await user.clear(target);
    await user.type(target, "preferred{ArrowDown}{Enter}");
    await waitFor(() => expect(screen.getByTestId("column-target-0-0")).toHaveValue("Preferred name"));
    expect(screen.getByText("You")).toBeInTheDocument();
  });

  it("maps a value to what the person says", async () => {
    const { user } = await renderStep("columns");
    await user.click(await screen.findByTestId("column-values-0-3"));
    await user.type(await screen.findByTestId("value-search"), "20");
    await user.click(await screen.findByRole("button", { name: "Change what 20 becomes" }));
    await user.type(await screen.findByTestId("value-becomes"), "Keller Group{Enter}");
    const table = await screen.findByRole("table", { name: "Values of company_id" });
    await waitFor(() => expect(table).toHaveTextContent("Keller Group (chosen by you)"));
  });

  it("says so when a search finds no value", async () => {
    const { user } = await renderStep("columns");
    await user.click(await screen.findByTestId("column-values-0-3"));
    await user.type(await screen.findByTestId("value-search"), "zzz");
    expect(await screen.findByText("No such value")).toBeInTheDocument();
  });

  it("tells what went wrong", async () => {
    await renderStep("columns", { fail: { columns: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
  });

  it("shows progress, cancels, and starts again", async () => {
    const { user } = await renderStep("columns", { jobTime: 60_000 });
    await screen.findByTestId("progress-panel");
    await user.click(screen.getByTestId("cancel-job"));
    const notice = await screen.findByTestId("error-notice");
    expect(notice).toHaveTextContent("Cancelled");
    expect(within(notice).getByText("Start again")).toBeInTheDocument();
  });

  it.each(["light", "dark"] as const)("is accessible (%s)", async (colorScheme) => {
    await renderStep("columns", { colorScheme, askDates: true });
    await screen.findByTestId("column-target-1-0");
    await expectAccessible();
  });
});

describe("readings of a date", () => {
  it("names both", () =>
    expect(readings("03/04/2018")).toEqual({ dayMonth: "3 April", monthDay: "March 4" }));
  it.each(["13/04/2018", "05/05/2018", "soon"])("has no question in %s", (text) =>
    expect(readings(text)).toBeNull(),
  );
});
