// A first start: the sample lists, fixed, pushed, and there again after the app was closed.
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, until } from "./app.js";
import { COMPARED, count, differences, exported, memberships, query } from "./database.js";
import { backToFix, goToFix, goToPush, numberIn, rowsOf, stepIds, waitForRows, waitForSteps } from "./steps.js";
import { story } from "./story.js";

const home = new Home();
const step = story("sample lists");
let app: App;
let state = "";
let edited = "";
const excluded: string[] = [];
let rows = { all: 0, clean: 0, suspect: 0, rejected: 0 };

before(async () => {
  app = await App.start({ home });
});
after(async () => {
  await app.stop();
  home.remove();
});

step("a first start offers them, and opens them as an import", async () => {
  assert.match(await app.text("profile-badge"), /local/);
  await app.click("try-sample");
  await app.find("file-row", 60_000);
  await until("both lists and the companies", async () => (await app.all("file-row")).length >= 3);
});

step("goes from Files over Columns to Fix", async () => {
  await goToFix(app);
  rows = {
    all: await rowsOf(app, "all"),
    clean: await rowsOf(app, "clean"),
    suspect: await rowsOf(app, "suspect"),
    rejected: await rowsOf(app, "rejected"),
  };
  assert.ok(rows.all > 100, `${rows.all} rows`);
  assert.ok(rows.suspect > 0);
  assert.equal(rows.clean + rows.suspect + rows.rejected + (await rowsOf(app, "excluded")), rows.all);
});

step("a rule shows just its rows", async () => {
  const found = numberIn(await app.says("issue-joined_before_birth", /\d/));
  await app.click("issue-joined_before_birth");
  await until("the rule's rows", async () => numberIn(await app.text("rows-found")) === found);
  await app.click("clear-filters");
  await until("all rows", async () => numberIn(await app.text("rows-found")) === rows.all);
});

step("fixes a cell", async () => {
  await app.click("class-clean");
  await until("the clean rows", async () => numberIn(await app.text("rows-found")) === rows.clean);
  edited = await app.cellText(0, "family_name");
  await app.editCell(0, "given_name", "Zebedee");
  await app.cellSays(0, "given_name", "Zebedee");
  assert.equal((await waitForSteps(app, 1)).length, 1);
});

step("replaces a value everywhere", async () => {
  state = await app.cellText(0, "state");
  assert.match(state, /^[A-Z]{2}$/);
  await app.click("replace-open");
  await app.choose("replace-field", "State");
  await app.fill("replace-find", state);
  await app.fill("replace-with", state === "GU" ? "AS" : "GU");
  await app.click("replace-whole");
  const shown = numberIn(await app.says("replace-preview", /rows? would change/));
  assert.ok(shown > 0);
  await app.press("replace-apply");
  await app.gone("replace-apply");
  await app.cellSays(0, "state", state === "GU" ? "AS" : "GU");
  await waitForSteps(app, 2);
});

step("excludes rows", async () => {
  for (const row of [1, 2]) {
    excluded.push(await app.cellText(row, "family_name"));
    await until(`the tick of row ${row}`, async () => {
      await (await app.select(`[row-index="${row}"] .ag-selection-checkbox input`)).click();
      return true;
    });
  }
  await app.says("rows-found", /2 selected/);
  await app.click("rows-menu");
  await app.press("exclude-selected");
  await waitForRows(app, "excluded", 2);
  await waitForRows(app, "clean", rows.clean - 2);
  await waitForSteps(app, 3);
});

step("undoes the middle step; the others stay", async () => {
  const [, middle] = await stepIds(app);
  await app.click(`op-undo-${middle}`);
  await waitForSteps(app, 2);
  await app.cellSays(0, "state", state);
  await app.cellSays(0, "given_name", "Zebedee");
  await waitForRows(app, "excluded", 2);
});

step("pushes what was shown", async () => {
  await goToPush(app);
  const planned = numberIn(await app.says("plan-insert", /\d/, 60_000));
  let skipped = numberIn(await app.text("plan-skip_identical")) + numberIn(await app.text("plan-skip_different"));
  if (await app.exists("plan-conflict")) skipped += numberIn(await app.text("plan-conflict"));
  assert.equal(planned + skipped, rows.clean - 2);
  assert.equal(numberIn(await app.text("plan-reject")), rows.rejected);
  await app.press("push-button");
  await app.find("push-report", 60_000);
  const sum = await app.text("report-sum");
  assert.ok(numberIn(sum) === rows.all, sum);
  const database = home.dataFile("members.db");
  assert.equal(count(database, "select count(*) from membership"), planned);
  const ledger = query(database, "select * from push");
  assert.equal(ledger.length, 1);
  assert.equal(ledger[0]?.rows_read, rows.all);
  assert.equal(ledger[0]?.inserted, planned);
  assert.equal(ledger[0]?.suspect, rows.suspect);
  assert.equal(ledger[0]?.rejected, rows.rejected);
  assert.equal(ledger[0]?.excluded, 2);
});

step("exports the same rows as files, and saves the report", async () => {
  await app.click("export-xlsx");
  await app.press("export-button");
  await app.find("export-report", 60_000);
  await app.press("report-save");
  const report = join(home.exports, "report.json");
  await until("the report", async () => existsSync(report));
  const { counts } = JSON.parse(readFileSync(report, "utf8")) as { counts: Record<string, number> };
  assert.equal(counts.read, rows.all);
  for (const name of ["master", "suspects", "rejects"]) {
    for (const ending of ["csv", "xlsx"]) assert.ok(statSync(join(home.exports, `${name}.${ending}`)).size > 0);
  }
  const master = exported(join(home.exports, "master.csv"));
  assert.equal(master.size, rows.clean - 2);
  assert.equal(exported(join(home.exports, "suspects.csv")).size, rows.suspect);
});

step("the database holds what the files hold, field by field", async () => {
  const inDatabase = memberships(home.dataFile("members.db"));
  const inFiles = exported(join(home.exports, "master.csv"));
  // Rows whose key is there already are skipped, so they are in the file and not in the database.
  for (const place of inFiles.keys()) if (!inDatabase.has(place)) inFiles.delete(place);
  assert.deepEqual(differences(inDatabase, inFiles, COMPARED).slice(0, 10), []);
  const zebedees = [...inDatabase.values()].filter((row) => row.given_name === "Zebedee");
  assert.equal(zebedees.length, 1);
  assert.equal(zebedees[0]?.family_name, edited);
  assert.ok([...inDatabase.values()].some((row) => row.state === state), "the undone replacement left no trace");
});

step("closed and opened again, the import is as it was", async () => {
  await app.stop();
  app = await App.start({ home });
  await (await app.select('[data-testid^="import-open-"]')).click();
  await app.says("impact", /nothing to write/, 60_000);
  assert.equal(await (await app.find("push-button")).isEnabled(), false);
  await backToFix(app);
  await app.says("rows-found", /\d/, 60_000);
  assert.equal(await rowsOf(app, "all"), rows.all);
  assert.equal(await rowsOf(app, "excluded"), 2);
  assert.equal((await stepIds(app)).length, 2);
  await app.click("class-excluded");
  await until("the excluded rows", async () => numberIn(await app.text("rows-found")) === 2);
  assert.deepEqual([await app.cellText(0, "family_name"), await app.cellText(1, "family_name")], excluded);
});

step("the history names the push", async () => {
  await app.click("nav-history");
  await app.find("push-1");
});
