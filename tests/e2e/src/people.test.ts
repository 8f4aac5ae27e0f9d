// Who is who: two lists with known doubles, ten pairs settled without the mouse, one undone, the rest merged at once,
// pushed; and the next import of the same lists asks nothing again.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { App, Home, Key, until } from "./app.js";
import { count, query } from "./database.js";
import { inspect } from "./look.js";
import { writeLists } from "./people-lists.js";
import { goToFix, numberIn } from "./steps.js";
import { Finding, story } from "./story.js";

const DOUBLES = 36;
const SINGLES = 40;
const home = new Home();
const step = story("people");
const { files } = writeLists(home.subfolder("lists"), DOUBLES, SINGLES);
const ROWS = 2 * (DOUBLES + SINGLES);
let app: App;
/** decisions that are in force */
let decided = 0;

before(async () => {
  app = await App.start({ home, pickFiles: files });
});
after(async () => {
  await app.stop();
  home.remove();
});

type Kind = "to_review" | "conflicts" | "changed" | "merged" | "decided";

const groups = async (kind: Kind) => numberIn(await app.text(`kind-${kind}`));
const waiting = async () => (await groups("to_review")) + (await groups("conflicts")) + (await groups("changed"));
/** The group that is open, by the records in its table. */
const openRecords = () =>
  app.run<string>(
    `return [...document.querySelectorAll('[data-testid="compare"] thead th')].map((head) => head.textContent).join(" | ")`,
  );

async function newImport(): Promise<void> {
  await app.click("new-import");
  await app.click("choose-files");
  await until("both lists", async () => (await app.all("file-row")).length === 2);
  await goToFix(app);
  await app.press("next");
  await app.select('[data-testid="step-people"][aria-current="step"]');
}

async function findPeople(): Promise<void> {
  await app.press("find-people");
  await app.says("people-summary", /\d/, 120_000);
}

/** Settles the open group by keyboard: a value that is to settle is taken from the first record. Gives the milliseconds. */
async function settle(key: "s" | "d"): Promise<number> {
  const before = await openRecords();
  const left = await waiting();
  const started = Date.now();
  const open = () => app.run<number>(`return document.querySelectorAll('tr[data-open="true"]').length`);
  for (const choice of ["1", "2", "1", "2"]) if (key === "s" && (await open()) > 0) await app.keys(choice);
  await app.keys(key);
  await until("the next group", async () => (await openRecords()) !== before);
  const took = Date.now() - started;
  await until("the count", async () => (await waiting()) < left);
  return took;
}

step("the People step says what it does", async () => {
  await newImport();
  assert.match(await app.text("empty-state"), /Who is who\?/);
  assert.match(await app.text("empty-state"), new RegExp(`${ROWS} clean records`));
});

step("finds who is who", async () => {
  await findPeople();
  assert.match(await app.text("people-summary"), new RegExp(`^${ROWS} records are`));
  const known = (await waiting()) + (await groups("merged"));
  assert.ok(known >= DOUBLES * 0.75, `${known} of ${DOUBLES} doubles are groups`);
});

step("the threshold is moved up, and what it would do is counted before", async () => {
  await app.click("open-thresholds");
  const merge = numberIn(await app.says("threshold-count-merge", /\d/));
  const ask = numberIn(await app.text("threshold-count-ask"));
  await app.fill("threshold-merge", "99.99");
  await until("the counts", async () => numberIn(await app.text("threshold-count-merge")) < merge);
  assert.equal(
    numberIn(await app.text("threshold-count-merge")) + numberIn(await app.text("threshold-count-ask")),
    merge + ask,
  );
  const asked = await groups("to_review");
  await app.press("threshold-apply");
  await app.gone("threshold-apply");
  await until("more to review", async () => (await groups("to_review")) > asked);
  assert.ok((await groups("to_review")) >= 12, `${await groups("to_review")} groups to review`);
});

step("a pair side by side, with its reasons", async () => {
  await app.click("kind-to_review");
  await app.find("compare");
  const wrong = await inspect(app, "people-review");
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
  assert.match(await app.text("waterfall"), /Before looking[\s\S]*All together/);
});

step("ten pairs are settled by keyboard, each in under five seconds", async () => {
  const took: number[] = [];
  for (let pair = 0; pair < 10; pair++) took.push(await settle(pair === 4 ? "d" : "s"));
  decided = await groups("decided");
  assert.equal(decided, 10);
  assert.ok(Math.max(...took) < 5_000, `milliseconds: ${took.join(", ")}`);
  assert.match(await app.text("people-said"), /^Same person\. Next: .*left\.$/);
});

step("the last one is undone, and there again", async () => {
  const left = await waiting();
  await app.keys("u");
  await until("the decision's end", async () => (await groups("decided")) === decided - 1);
  assert.equal(await waiting(), left + 1);
  assert.match(await app.text("people-said"), /^Taken back/);
  await app.find("compare");
  await settle("s");
  assert.equal(await groups("decided"), decided);
});

step("decisions are listed, found, and say who decided", async () => {
  await app.click("open-decisions");
  await until("eleven decisions", async () => (await app.window.findElements({ css: '[data-testid^="decision-revert-"]' })).length === 10);
  assert.match(await app.text("decision-1"), /are (one person|different people)/);
  await app.keys(Key.ESCAPE);
  await app.gone("decision-search");
});

step("the conflict-free rest is merged at once, after a preview", async () => {
  const before = await groups("to_review");
  assert.ok(before > 0, "something is left to review");
  await app.click("open-bulk");
  const merged = numberIn(await app.says("bulk-says", /\d/));
  assert.ok(merged > 0 && merged <= before);
  const wrong = await inspect(app, "people-bulk");
  await app.press("bulk-go");
  await app.gone("bulk-go");
  await until("the count", async () => (await groups("to_review")) === before - merged);
  await app.keys("u");
  await until("all of it back", async () => (await groups("to_review")) === before);
  await app.click("open-bulk");
  await app.press("bulk-go");
  await app.gone("bulk-go");
  await until("the count", async () => (await groups("to_review")) === before - merged);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
});

step("what is left is settled, too, and leads to Push", async () => {
  for (const kind of ["to_review", "conflicts", "changed"] as const) {
    if ((await groups(kind)) === 0) continue;
    await app.click(`kind-${kind}`);
    while ((await groups(kind)) > 0) {
      await app.find("compare");
      await settle("s");
    }
  }
  assert.equal(await waiting(), 0);
  await app.click("kind-to_review");
  assert.match(await app.says("empty-state", /settled/), /All is settled/);
});

step("the push makes one member of each person", async () => {
  const people = numberIn((await app.text("people-summary")).split(" are ")[1] ?? "");
  await app.click("people-push");
  await app.says("impact", /\d/, 120_000);
  await app.press("push-button");
  await app.find("push-report", 120_000);
  const database = home.dataFile("members.db");
  assert.equal(count(database, "select count(*) from membership"), ROWS);
  assert.equal(count(database, "select count(*) from member"), people);
  const [largest] = query(database, "select count(distinct club_id) as clubs from membership group by member_id order by 1 desc limit 1");
  assert.equal(largest?.clubs, 2);
});

step("the same lists in another import: nothing is asked again", async () => {
  await app.click("close-import");
  await newImport();
  await findPeople();
  assert.equal(await groups("to_review"), 0);
  assert.equal(await groups("changed"), 0);
  assert.equal(await groups("conflicts"), 0);
  const wrong = await inspect(app, "people-nothing");
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
});
