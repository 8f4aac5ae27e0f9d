// The two clubs' real lists: the counts on screen are those counted independently (expected-counts.tsv).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { App, Home, until } from "./app.js";
import { count, query } from "./database.js";
import { goToFix, goToPush, numberIn, rowsOf } from "./steps.js";
import { story } from "./story.js";

const folder = join(process.env.MUSTER_SHARED ?? "../shared", "data/clubs");
const files = ["unity_golf_club.csv", "us_softball_league.tsv", "companies.csv"].map((name) => join(folder, name));

if (!files.every((file) => existsSync(file))) {
  test("the clubs' lists", { skip: `no lists in ${folder}` }, () => {});
} else {
  tell();
}

function tell(): void {
  const home = new Home();
  const step = story("the clubs' lists");
  let app: App;

  before(async () => {
    app = await App.start({ home, pickFiles: files });
  });
  after(async () => {
    await app.stop();
    home.remove();
  });

  step("three files, chosen in one dialog", async () => {
    await app.click("new-import");
    await app.click("choose-files");
    await until("three files", async () => (await app.all("file-row")).length === 3);
  });

  step("counts on the Fix step", async () => {
    await goToFix(app, 300_000);
    assert.equal(await rowsOf(app, "all"), 16_118);
    assert.equal(await rowsOf(app, "suspect"), 3_370);
    assert.equal(await rowsOf(app, "clean"), 12_748);
    assert.equal(await rowsOf(app, "rejected"), 0);
    assert.equal(numberIn(await app.text("issue-joined_before_birth")), 3_357);
    assert.equal(numberIn(await app.text("issue-active_before_joined")), 13);
    assert.equal(numberIn(await app.text("issue-unknown_company")), 760);
  });

  step("the plan names 12,747 new members and one skipped", async () => {
    await goToPush(app);
    await app.says("plan-insert", /^12.?747$/, 120_000);
    assert.equal(numberIn(await app.text("plan-skip_identical")) + numberIn(await app.text("plan-skip_different")), 0);
    assert.equal(numberIn(await app.text("plan-conflict")), 1);
    assert.equal(numberIn(await app.text("plan-reject")), 0);
  });

  step("the push writes them", async () => {
    await app.press("push-button");
    await app.find("push-report", 300_000);
    const database = home.dataFile("members.db");
    assert.equal(count(database, "select count(*) from membership"), 12_747);
    const [push] = query(database, "select * from push");
    assert.equal(push?.rows_read, 16_118);
    assert.equal(push?.inserted, 12_747);
    assert.equal(Number(push?.skipped_identical) + Number(push?.skipped_different), 0);
    assert.equal(Number(push?.conflicts), 1);
    assert.equal(count(database, "select count(*) from member where company_id is null and company_source_id = '20'"), 597);
    assert.equal(count(database, "select count(*) from member where length(state) <> 2"), 0);
    assert.equal(count(database, "select count(*) from member where given_name = 'Kelly' and family_name = 'Nguyen' and birth_date = '1970-10-11'"), 1);
  });

  step("the same files in another import insert nothing", async () => {
    await app.click("close-import");
    await app.click("new-import");
    await app.click("choose-files");
    await until("three files", async () => (await app.all("file-row")).length === 3);
    await goToFix(app, 300_000);
    await goToPush(app);
    const words = await app.says("impact", /./, 120_000);
    if (!/nothing to write/.test(words)) {
      assert.equal(numberIn(await app.text("plan-insert")), 0);
      await app.press("push-button");
      await app.find("push-report", 120_000);
    }
    assert.equal(count(home.dataFile("members.db"), "select count(*) from membership"), 12_747);
  });

  step("and so does the command line", async () => {
    const answer = execFileSync(process.env.MUSTER_CLI ?? "muster", ["run", ...files, "--profile", "local", "--json"], {
      encoding: "utf8",
      env: { ...process.env, XDG_DATA_HOME: home.data, XDG_CONFIG_HOME: home.config },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const report = JSON.parse(answer) as { counts: Record<string, number>; push: Record<string, number> };
    assert.equal(report.counts.read, 16_118);
    assert.equal(report.push.inserted, 0);
    assert.equal(count(home.dataFile("members.db"), "select count(*) from membership"), 12_747);
  });
}
