// What several stories do on the way to their point.
import { type App, until } from "./app.js";

/** "3,370" as 3370. */
export function numberIn(text: string): number {
  const found = /\d[\d,.\u00A0\u202F ]*/.exec(text);
  return Number((found?.[0] ?? "").replaceAll(/\D/g, "") || Number.NaN);
}

/** How many rows of a class the Fix step shows. */
export async function rowsOf(app: App, name: "all" | "clean" | "suspect" | "rejected" | "excluded"): Promise<number> {
  return numberIn(await app.says(`class-${name}`, /\d/));
}

export async function waitForRows(app: App, name: "all" | "clean" | "suspect" | "rejected" | "excluded", rows: number): Promise<void> {
  await until(`${rows} ${name} rows`, async () => (await rowsOf(app, name)) === rows);
}

/** From Files to Fix, in a list whose columns Muster knows. */
export async function goToFix(app: App, patience = 120_000): Promise<void> {
  await app.press("next");
  await app.select('[data-testid="step-columns"][aria-current="step"]');
  await app.select('[data-testid^="column-target-"]', patience);
  await app.press("next");
  await app.find("fix-grid", patience);
  await app.says("rows-found", /\d/, patience);
}

/** From Fix to Push, past People. */
export async function goToPush(app: App): Promise<void> {
  await app.press("next");
  await app.select('[data-testid="step-people"][aria-current="step"]');
  await app.press("next");
  await app.select('[data-testid="step-push"][aria-current="step"]');
}

/** From Push to Fix, past People. */
export async function backToFix(app: App): Promise<void> {
  await app.click("back");
  await app.select('[data-testid="step-people"][aria-current="step"]');
  await app.click("back");
  await app.select('[data-testid="step-fix"][aria-current="step"]');
}

/** The ids of the steps done so far, oldest first. */
export async function stepIds(app: App): Promise<number[]> {
  await app.click("tab-steps");
  await app.find("undo-last");
  return app.run<number[]>(
    `return [...document.querySelectorAll('[data-testid^="op-row-"]')].map((row) => Number(row.dataset.testid.slice(7)))`,
  );
}

export async function waitForSteps(app: App, number: number): Promise<number[]> {
  return until(`${number} steps`, async () => {
    const ids = await stepIds(app);
    return ids.length === number && ids;
  });
}
