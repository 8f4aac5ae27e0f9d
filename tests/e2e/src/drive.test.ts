// Google Drive in the real app: set up, signed in through a strict OAuth server, two lists chosen and imported, pushed, a
// changed one fetched anew, disconnected.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, Key, until } from "./app.js";
import { count } from "./database.js";
import { GoogleDrive, isGood, openedAddress, signIn } from "./google.js";
import { inspect } from "./look.js";
import { secretOf } from "./servers.js";
import { goToFix, goToPush, rowsOf } from "./steps.js";
import { Finding, story } from "./story.js";

const LOGIN = `alice${process.pid}`;
const ACCOUNT = `id-${LOGIN}`;
const ITEM = { service: "org.muster.Muster", username: `google-drive/account/${ACCOUNT}` };
const ROWING = "name,born,joined\nAnn Lee,13/02/1970,1990\nBob Ray,03/04/1980,2001\n";
const CHESS = "name\tborn\tjoined\nJoe Fox\t25/12/1985\t2010\n";

const home = new Home();
const folder = home.subfolder("google-drive");
const browser = join(home.folder, "browser");
const step = story("drive");
let drive: GoogleDrive;
let app: App;

before(async () => {
  writeFileSync(join(folder, "rowing_club.csv"), ROWING);
  writeFileSync(join(folder, "chess_club.tsv"), CHESS);
  writeFileSync(join(folder, "other.csv"), "name\nNobody\n");
  drive = await GoogleDrive.start(folder);
  mkdirSync(join(home.config, "muster"), { recursive: true });
  writeFileSync(join(home.config, "muster", "config.yml"), drive.settings());
  app = await App.start({ home, variables: { MUSTER_E2E_BROWSER: browser } });
});
after(async () => {
  await app?.stop();
  drive?.stop();
  home.remove();
});

async function look(picture: string): Promise<void> {
  // One that is fading away has no contrast that could be judged.
  await until("notifications to go", async () => (await app.window.findElements({ css: ".mantine-Notification-root" })).length === 0);
  const wrong = await inspect(app, picture);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
}

step("without a client the settings say how to get one", async () => {
  await app.click("nav-settings");
  await app.says("drive-how", /Desktop app/);
  await look("70-drive-how");
  await app.click("drive-client-edit");
  await app.fill("drive-client-id", "muster-test");
  await app.press("drive-client-save");
  await app.says("drive-client", /muster-test/);
});

step("an account is connected with the browser", async () => {
  await app.click("drive-connect");
  const page = await signIn(await openedAddress(browser), LOGIN);
  assert.match(page, /You can close this page/);
  await app.says(`drive-account-${ACCOUNT}`, /Connected/);
  assert.ok(secretOf(ITEM), "the sign-in is in the keychain");
});

step("the test tells what it did", async () => {
  await app.click(`drive-test-${ACCOUNT}`);
  await app.says("test-outcome", /can be imported/);
  await app.says("test-account", new RegExp(`${LOGIN}@example.org`));
  await app.says("test-my_drive", /3 folders and lists/);
  await look("71-drive-test");
  await app.click("test-close");
  await app.gone("test-outcome");
});

step("two lists are chosen and imported", async () => {
  await app.click("nav-imports");
  await app.click("new-from-drive");
  await until("the lists", async () => (await app.all("drive-item")).length === 3);
  await app.click("drive-choose-rowing-club-csv");
  await app.click("drive-choose-chess-club-tsv");
  await app.says("drive-chosen", /2 files/);
  await look("72-drive-picker");
  await app.press("drive-import");
  await until("both files", async () => (await app.all("file-row")).length === 2, 60_000);
  await look("73-drive-files");
});

step("their members are pushed", async () => {
  await goToFix(app);
  assert.equal(await rowsOf(app, "all"), 3);
  await goToPush(app);
  await app.press("push-button");
  await app.find("push-report", 60_000);
  assert.equal(count(home.dataFile("members.db"), "select count(*) from member"), 3);
});

step("a list that changed in Drive is marked, and fetched anew", async () => {
  writeFileSync(join(folder, "rowing_club.csv"), `${ROWING}Zoe Kay,30/01/1999,2020\n`);
  await app.click("step-files");
  const mark = '[data-testid^="drive-mark-"][data-status="changed"]';
  await app.select(mark);
  await look("74-drive-changed");
  await (await app.select(`${mark} button`)).click();
  await until("the mark to go", async () => (await app.window.findElements({ css: mark })).length === 0);
  await goToFix(app);
  await until("the new row", async () => (await rowsOf(app, "all")) === 4);
});

step("the picker marks what was imported", async () => {
  writeFileSync(join(folder, "chess_club.tsv"), `${CHESS}Eve Roe\t24/11/1990\t2012\n`);
  await app.click("step-files");
  await app.click("choose-drive");
  await app.withText("td span", "Imported");
  await app.withText("td span", "Changed since your import");
  await app.fill("drive-search", "chess");
  await until("what was searched for", async () => (await app.all("drive-item")).length === 1);
  await app.keys(Key.ESCAPE);
  await app.gone("drive-items");
});

step("disconnecting takes the sign-in back", async () => {
  const token = secretOf(ITEM)?.trim() ?? "";
  await app.click("close-import");
  await app.click("nav-settings");
  await app.click(`drive-disconnect-${ACCOUNT}`);
  await app.click("drive-disconnect-confirm");
  await app.gone(`drive-account-${ACCOUNT}`);
  assert.equal(secretOf(ITEM), undefined);
  assert.equal(await isGood(token), false);
});
