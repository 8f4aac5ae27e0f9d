// Every screen in the real app, light and dark: a picture in target/screenshots, and nothing for axe to find.
import { after, before } from "node:test";
import { App, Home, Key, until } from "./app.js";
import { inspect } from "./look.js";
import { goToFix } from "./steps.js";
import { Finding, story } from "./story.js";

const home = new Home();
const step = story("screens");
let app: App;

before(async () => {
  app = await App.start({ home });
});
after(async () => {
  await app.stop();
  home.remove();
});

/** Looks at what is open now. */
async function look(name: string): Promise<void> {
  const wrong = await inspect(app, name);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
}

step("a first start", () => look("01-first-start"));

step("colours by the switch in the top bar", async () => {
  for (const scheme of ["dark", "light"]) {
    await app.click("dark-toggle");
    await app.click(`scheme-${scheme}`);
    await app.select(`html[data-mantine-color-scheme="${scheme}"]`);
  }
  await app.gone("scheme-light");
});

step("an import without files", async () => {
  await app.click("new-import");
  await app.find("choose-files");
  await look("02-files-empty");
  await app.click("close-import");
});

step("files", async () => {
  await app.click("try-sample");
  await until("the files", async () => (await app.all("file-row")).length >= 3, 60_000);
  await look("03-files");
});

step("columns", async () => {
  await app.press("next");
  await app.select('[data-testid^="column-target-"]');
  await look("04-columns");
});

step("the values of a column", async () => {
  await (await app.select('[data-testid^="column-values-"]')).click();
  await app.find("value-search");
  await look("05-column-values");
  await app.keys(Key.ESCAPE);
  await app.gone("value-search");
  await app.press("back");
});

step("fix", async () => {
  await goToFix(app);
  await until("the rows' text", async () => (await app.cellText(0, "source")) !== "");
  await look("06-fix");
});

step("facets", async () => {
  await app.click("tab-facets");
  await app.find("facet-field");
  await look("07-fix-facets");
});

step("the list of steps", async () => {
  await app.editCell(0, "given_name", "Zebedee");
  await app.click("tab-steps");
  await app.select('[data-testid^="op-row-"]');
  await look("08-fix-steps");
  await app.click("tab-issues");
});

step("the reasons of a cell", async () => {
  await app.click("class-suspect");
  await app.says("rows-found", /found/);
  await app.clickCell(0, "member_since");
  await app.click("why-toggle");
  await app.says("why-panel", /line/);
  await look("09-fix-why");
  await app.click("why-toggle");
  await app.click("clear-filters");
});

step("find and replace", async () => {
  await app.click("replace-open");
  await app.find("replace-find");
  await look("10-replace");
  await app.keys(Key.ESCAPE);
  await app.gone("replace-find");
});

step("spellings", async () => {
  await app.click("spellings-open");
  await app.find("spellings-field");
  await look("11-spellings");
  await app.keys(Key.ESCAPE);
  await app.gone("spellings-field");
});

step("people, before matching", async () => {
  await app.press("next");
  await app.find("find-people");
  await look("12-people-start");
});

step("people", async () => {
  await app.press("find-people");
  await app.says("people-summary", /\d/, 120_000);
  await app.click("kind-all");
  await until("a group, or none", async () => (await app.exists("compare")) || (await app.exists("empty-state")));
  await look("13-people");
});

for (const [name, tool, ready] of [
  ["14-people-thresholds", "thresholds", "threshold-count-merge"],
  ["15-people-rules", "rules", "rule-email"],
  ["16-people-decisions", "decisions", "empty-state"],
] as const) {
  step(`people: ${tool}`, async () => {
    await app.click(`open-${tool}`);
    await app.find(ready);
    await look(name);
    await app.keys(Key.ESCAPE);
    await until("the dialog's end", async () => (await app.window.findElements({ css: '[role="dialog"]' })).length === 0);
  });
}

step("push", async () => {
  await app.press("next");
  await app.says("impact", /./, 60_000);
  await look("17-push");
});

step("scores", async () => {
  await app.press("open-scores");
  await app.press("score-unify");
  await app.find("score-moves", 60_000);
  await look("17-scores");
  await (await app.select('[data-testid="score-spread-as"] label')).click();
  await look("17-scores-spread");
  await (await app.select('[data-testid="score-moves"] button')).click();
  await look("17-scores-moves");
  await app.press("scores-save");
  await app.says("impact", /unified scores change/, 60_000);
});

step("the report of a push", async () => {
  await app.press("push-button");
  await app.find("push-report", 60_000);
  await app.press("export-button");
  await app.find("export-report");
  await look("18-push-report");
});

step("history", async () => {
  await app.click("nav-history");
  await app.find("push-1");
  await look("19-history");
});

step("the scores of a member", async () => {
  await app.click("nav-members");
  await (await app.select('[data-testid^="member-open-"]')).click();
  await app.click("member-tab-scores");
  await app.find("score-chart");
  await look("19-member-scores");
  await app.keys(Key.ESCAPE);
  await app.gone("member-tab-scores");
});

step("statistics", async () => {
  await app.click("nav-statistics");
  await app.says("statistics-summary", /\d members/, 60_000);
  await look("20-statistics");
});

step("statistics as tables", async () => {
  for (const name of ["state", "company", "age", "tenure", "club", "combinations", "pairs"]) {
    await (await app.select(`[data-testid="view-${name}"] label[for$="-table"]`)).click();
    await app.select(`[data-testid="statistic-${name}"] input[value="table"]:checked`);
  }
  await look("21-statistics-tables");
});

step("imports", async () => {
  await app.click("nav-imports");
  await app.select('[data-testid^="import-open-"]');
  await look("22-imports");
});

step("settings", async () => {
  await app.click("nav-settings");
  await app.find("data-folder");
  await look("23-settings");
});
