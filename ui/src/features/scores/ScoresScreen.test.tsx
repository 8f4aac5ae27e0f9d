import { describe, expect, it } from "vitest";
import { expectAccessible, renderStep, screen, waitFor, within } from "../../../tests/render";
import { DISK_FULL } from "../../api/fake";
import { fullSettings, problemOf, settingsOf } from "./settings";

async function open(options: Parameters<typeof renderStep>[1] = {}) {
  const rendered = await renderStep("push", options);
  await rendered.user.click(await screen.findByTestId("open-scores"));
  await screen.findByTestId("score-unify");
  return rendered;
}

async function on(options: Parameters<typeof renderStep>[1] = {}) {
  const rendered = await open(options);
  await rendered.user.click(screen.getByTestId("score-unify"));
  return rendered;
}

describe("the Scores screen", () => {
  it("leaves scores as they are until they are switched on", async () => {
    const { api } = await open();
    expect(screen.getByTestId("score-unify")).not.toBeChecked();
    expect(screen.queryByTestId("scores-preview")).not.toBeInTheDocument();
    expect(api.calls).not.toContain("scoresPreview");
    await expectAccessible();
  });

  it("shows the formula, the clubs before and after, and who moves most", async () => {
    const { user } = await on();
    const preview = await screen.findByTestId("scores-preview");
    expect(screen.getByTestId("score-formula")).toHaveTextContent("club mean) ÷ club spread");
    expect(screen.getByTestId("score-examples")).toHaveTextContent("50 + 15 × (78 − 70) ÷ 10 = 62");
    expect(within(preview).getAllByRole("img", { name: /^Own scores: \d+ scores from/ })).toHaveLength(2);
    expect(within(preview).getAllByRole("img", { name: /mean 50, spread 15$/ })).toHaveLength(2);
    expect(screen.getByTestId("score-version")).toHaveTextContent("z-score/1:616224fc");
    await expectAccessible();
    const moves = screen.getByTestId("score-moves");
    const why = within(moves).getAllByRole("button", { name: "Why" })[0] as HTMLElement;
    await user.click(why);
    expect(why).toHaveAttribute("aria-expanded", "true");
    expect(moves).toHaveTextContent(/A score of .* becomes/);
    await user.click(within(screen.getByTestId("score-spread-as")).getByText("Table"));
    expect(screen.getByTestId("score-figures")).toHaveTextContent("common");
    await expectAccessible();
  });

  it("tries out other methods, and is kept with the import", async () => {
    const { user, api } = await on();
    await screen.findByTestId("scores-preview");
    await user.click(screen.getByText("Percentile rank"));
    expect(screen.getByTestId("score-formula")).toHaveTextContent("½ × equal scores");
    await waitFor(() => expect(screen.getByTestId("score-version")).toHaveTextContent("percentile-rank/1"));
    await user.click(screen.getByTestId("score-decay"));
    expect(screen.getByTestId("score-half-life")).toHaveValue("24 months");
    await user.clear(screen.getByTestId("score-high"));
    await user.type(screen.getByTestId("score-high"), "10");
    await user.click(screen.getByTestId("scores-save"));
    expect(await screen.findByTestId("scores-card")).toHaveTextContent(
      "Brought to one scale: Percentile rank.",
    );
    const kept = await api.scores(1);
    expect(kept.unify).toBe(true);
    expect(kept.settings.method).toEqual({ method: "percentile_rank", low: 0, high: 10 });
    expect(kept.settings.decay).toEqual({ half_life_months: 24, floor: 0 });
    await waitFor(() =>
      expect(screen.getByTestId("scores-card")).toHaveTextContent(/unified scores of .* would change/),
    );
    await user.click(screen.getByTestId("push-button"));
    expect(await screen.findByTestId("report-scores")).toHaveTextContent("added to the score history");
  });

  it("refuses numbers that cannot be meant", async () => {
    const { user } = await on();
    await screen.findByTestId("scores-preview");
    await user.clear(screen.getByTestId("score-spread"));
    await user.type(screen.getByTestId("score-spread"), "0");
    expect(await screen.findByTestId("score-problem")).toHaveTextContent("has to be above 0");
    expect(screen.getByTestId("scores-save")).toBeDisabled();
    await expectAccessible();
  });

  it("tells what went wrong, and goes back without a change", async () => {
    const { user, api } = await on({ fail: { scoresPreview: DISK_FULL } });
    expect(await screen.findByTestId("error-notice")).toHaveTextContent(DISK_FULL.message);
    await user.click(screen.getByTestId("scores-back"));
    expect(await screen.findByTestId("scores-card")).toHaveTextContent("stay on their own scales");
    expect(api.calls).not.toContain("scoresSet");
  });

  it("hides names", async () => {
    localStorage.setItem("muster-hide-personal-data", "true");
    await on();
    const moves = await screen.findByTestId("score-moves");
    expect(within(moves).getAllByText("hidden").length).toBeGreaterThan(0);
  });
});

describe("settings", () => {
  it("have every number, and leave out weights of 1", () => {
    const full = fullSettings({ method: { method: "min_max" }, weights: { Golf: 2 } });
    expect(full).toMatchObject({ method: "min_max", low: 0, high: 100, mean: 50, decay: null });
    expect(settingsOf({ ...full, weights: { Golf: 2, League: 1 } })).toEqual({
      method: { method: "min_max", low: 0, high: 100 },
      decay: null,
      weights: { Golf: 2 },
    });
    expect(problemOf({ ...full, low: 100 })).toContain("below the highest");
  });
});
