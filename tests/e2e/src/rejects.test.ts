// The reject inbox in the real app: a list with refused rows is pushed, one is fixed, replayed, seen among the members,
// and open again after the undo.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, Key, pause, until } from "./app.js";
import { count, query } from "./database.js";
import { inspect } from "./look.js";
import { goToFix, goToPush, numberIn } from "./steps.js";
import { Finding, story } from "./story.js";

const home = new Home();
const step = story("rejects");
const list = join(home.folder, "rowing_club.csv");
const LINE = '3,"Poe, Dot Q.",never,texas,2003';
let app: App;

async function look(name: string): Promise<void> {
  const wrong = await inspect(app, name);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
}

const open = () => count(home.dataFile("members.db"), "select count(*) from reject where replayed_by is null");

/** Waits until the way to the inbox counts so many open rows. */
const badge = (rows: number) =>
  until(`${rows} open rows`, async () => Number.parseInt(await app.text("rejects-badge"), 10) === rows);

before(async () => {
  writeFileSync(
    list,
    [
      "member number,name,born,state,joined",
      "1,Ann Lee,21/02/1970,Oregon,2001",
      "2,Bob Ray,25/04/1980,TX,2002",
      LINE,
      "4,Eve Fox,soon,NY,2004",
      "5,,31/12/1999,NY,2005",
      "",
    ].join("\n"),
  );
  app = await App.start({ home, pickFiles: [list] });
});
after(async () => {
  await app.stop();
  home.remove();
});

step("an inbox without rows says what comes into it", async () => {
  await app.click("nav-rejects");
  await app.find("empty-state");
  await look("50-rejects-empty");
});

step("a push shows its statements, and puts refused rows into the inbox", async () => {
  await app.click("nav-imports");
  await app.click("new-import");
  await app.click("choose-files");
  await until("the file", async () => (await app.all("file-row")).length === 1, 60_000);
  await goToFix(app);
  await goToPush(app);
  await app.says("impact", /Adds 2 members.*refuses 3 rows/, 60_000);
  await app.click("show-sql");
  await app.says("sql-statements", /INSERT INTO membership/);
  assert.doesNotMatch(await app.text("sql-statements"), /Ann|Lee|Rowing/);
  await look("51-push-sql");
  await app.keys(Key.ESCAPE);
  await app.gone("sql-statements");
  await app.press("push-button");
  await app.find("push-report", 60_000);
  await badge(3);
});

step("a row is shown as it came, and what is wrong with it", async () => {
  await app.click("nav-rejects");
  await app.says("rejects-found", /3 rows/);
  await look("52-rejects");
  await app.click("reject-open-1");
  await app.says("reject-raw", /"Poe, Dot Q\."/);
  await app.withText("p, div", "Unreadable date. The text is not a date. Type it as YYYY-MM-DD.");
  await pause(400);
  await look("53-reject");
});

step("it is fixed; dates are read in the order of its list", async () => {
  await app.fill("cell-2", "03/04/1990");
  await app.press("reject-save");
  await app.says("reject-verdict", /Nothing is wrong/);
  await look("54-reject-fixed");
});

step("what a replay would do is shown, then done", async () => {
  await app.press("reject-replay");
  await app.says("replay-says", /Adds 1 member/, 60_000);
  await pause(400);
  await look("55-replay");
  await app.press("replay-go");
  await app.says("replay-report", /1 row taken in/, 60_000);
  await look("56-replay-report");
  await app.press("replay-close");
  await badge(2);
  assert.equal(open(), 2);
  const born = query(home.dataFile("members.db"), "select birth_date from member where given_name = 'Dot'");
  assert.deepEqual(born, [{ birth_date: "1990-04-03" }]);
});

step("the member is there", async () => {
  await app.click("nav-members");
  await app.fill("members-name", "poe dot");
  await until("the member", async () => numberIn(await app.says("members-found", /\d/)) === 1);
  await (await app.select('[data-testid^="member-open-"]')).click();
  await app.hasValue("member-birth_date", "1990-04-03");
  await app.click("member-tab-sources");
  await app.says("member-sources", /rowing_club\.csv, line 4/);
  await app.keys(Key.ESCAPE);
  await app.gone("member-drawer");
});

step("a row is dismissed, and that is taken back", async () => {
  await app.click("nav-rejects");
  await app.click("reject-open-3");
  await app.press("reject-dismiss");
  await app.gone("reject-drawer");
  await badge(1);
  await app.click("dismiss-undo");
  await badge(2);
});

step("rows that cannot be taken in stay, and say why", async () => {
  await app.click("choose-all");
  await app.press("replay-selected");
  await app.says("replay-says", /None of these rows/, 60_000);
  assert.equal(await (await app.find("replay-go")).isEnabled(), false);
  await pause(400);
  await look("57-replay-nothing");
  await app.keys(Key.ESCAPE);
  await app.gone("replay-says");
});

step("the undo of the replay opens the row again", async () => {
  await app.click("nav-history");
  await app.says("push-2", /Rejects of/);
  await app.click("undo-2");
  await app.says("undo-says", /1 member removed/, 60_000);
  await app.press("undo-go");
  await app.find("push-3", 60_000);
  await badge(3);
  await app.click("nav-rejects");
  await app.says("rejects-found", /3 rows, 1 fixed/);
  assert.equal(open(), 3);
});
