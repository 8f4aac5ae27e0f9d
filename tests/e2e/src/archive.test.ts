// The archive of raw files in the real app: a bucket chosen and tried in Settings, a list pushed, and saved from History
// as it came.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, Key, until } from "./app.js";
import { inspect } from "./look.js";
import { S3, secretOf } from "./servers.js";
import { goToFix, goToPush } from "./steps.js";
import { Finding, story } from "./story.js";

const ITEM = { service: "org.muster.Muster", username: "archive" };
// A byte-order mark, Windows' ends of lines, a letter that is no UTF-8, and no end of the last line.
const LIST = Buffer.from('name,born,joined\r\n"Lee, Ann",13/02/1970,1990\r\nBob Ray,25/04/1980,2001\r\nZo\xeb Kay,30/01/1999,2020', "latin1");

const home = new Home();
const list = join(home.folder, "rowing_club.csv");
const saved = join(home.exports, "as-it-came.csv");
const step = story("archive");
let store: S3;
let app: App;

before(async () => {
  store = new S3();
  writeFileSync(list, LIST);
  app = await App.start({ home, pickFiles: [list], variables: { MUSTER_E2E_SAVE_RAW_FILE: saved } });
});
after(async () => {
  await app?.stop();
  home.remove();
});

async function look(picture: string): Promise<void> {
  // One that is fading away has no contrast that could be judged.
  await until("notifications to go", async () => (await app.window.findElements({ css: ".mantine-Notification-root" })).length === 0);
  const wrong = await inspect(app, picture);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
}

async function chooseStore(endpoint: string): Promise<void> {
  await app.click("archive-change");
  await (await app.withText("label", "S3")).click();
  await app.fill("archive-bucket", "raw");
  await app.fill("archive-prefix", `e2e-${process.pid}`);
  await app.fill("archive-endpoint", endpoint);
  await app.fill("archive-key_id", "muster");
  await app.fill("archive-secret", store.secret);
}

step("the settings take a bucket, and its secret goes to the keychain", async () => {
  await app.click("nav-settings");
  await app.says("archive-place", /In the database/);
  await chooseStore(store.endpoint);
  await look("75-archive-form");
  await app.press("archive-submit");
  await app.says("archive-place", /s3:\/\/raw\/e2e-/);
  await app.says("archive-place", /Secret set/);
  assert.equal(secretOf(ITEM), store.secret);
  const settings = readFileSync(join(home.config, "muster", "config.yml"), "utf8");
  assert.match(settings, /bucket: raw/);
  assert.ok(!settings.includes(store.secret));
});

step("the test tells what it did", async () => {
  await app.click("archive-test");
  await app.says("test-outcome", /Files can be archived there/);
  await app.says("test-overwrite", /Writing over it was refused/);
  await look("76-archive-test");
  await app.click("test-close");
  await app.gone("test-outcome");
});

step("a pushed list is saved from History as it came", async () => {
  await app.click("nav-imports");
  await app.click("new-import");
  await app.click("choose-files");
  await until("the file", async () => (await app.all("file-row")).length === 1, 60_000);
  await goToFix(app);
  await goToPush(app);
  await app.press("push-button");
  await app.find("push-report", 60_000);
  await app.click("nav-history");
  await app.click("files-1");
  await app.says("raw-file-rowing_club.csv", new RegExp(`${LIST.length} B · SHA-256 .* · kept in s3://raw/e2e-`));
  await look("77-archive-files");
  await app.click("raw-file-save-rowing_club.csv");
  // It is there whole, or not at all.
  await until("the saved file", async () => existsSync(saved));
  assert.deepEqual(readFileSync(saved), LIST);
});

step("where the store cannot be reached, that is said", async () => {
  await app.keys(Key.ESCAPE);
  await app.gone("raw-file-rowing_club.csv");
  await app.click("nav-settings");
  // Nothing listens there.
  await chooseStore("http://127.0.0.1:9");
  await app.press("archive-submit");
  await app.gone("archive-submit");
  await app.click("nav-history");
  await app.click("files-1");
  await app.click("raw-file-save-rowing_club.csv");
  // WebDriver leaves the title of a notice out.
  await app.says("error-notice", /Check its address .* and the network/, 60_000);
  await look("78-archive-unreachable");
});
