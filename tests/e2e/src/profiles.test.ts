// Database profiles in the real app: a server's settings in a file, its password in the keychain, prod on every screen.
import assert from "node:assert/strict";
import { readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, Key, until } from "./app.js";
import { inspect } from "./look.js";
import { Postgres, secretOf } from "./servers.js";
import { goToFix, goToPush, numberIn } from "./steps.js";
import { Finding, story } from "./story.js";

const home = new Home();
const name = `live-${process.pid}`;
const item = { service: "org.muster.Muster", username: `profile/${name}` };
let postgres: Postgres;
let app: App;

before(() => {
  postgres = new Postgres();
});
after(async () => {
  await app?.stop();
  postgres.remove();
  home.remove();
});

async function look(picture: string): Promise<void> {
  // One that is fading away has no contrast that could be judged.
  await until("notifications to go", async () => (await app.window.findElements({ css: ".mantine-Notification-root" })).length === 0);
  const wrong = await inspect(app, picture);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
}

const locked = story("locked");

locked("without a keychain the window opens and says why", async () => {
  const bus = join(home.folder, "bus");
  app = await App.start({ home, variables: { DBUS_SESSION_BUS_ADDRESS: `unix:path=${bus}` } });
  await app.says("workspace-locked", /no keychain/);
  await look("20-locked");
  await app.click("nav-settings");
  await app.find("profile-local");
  await look("21-settings-without-keychain");
  await app.click("nav-imports");
});

locked("and opens once there is one, without a new start", async () => {
  const real = (process.env.DBUS_SESSION_BUS_ADDRESS as string).replace("unix:path=", "");
  symlinkSync(real, join(home.folder, "bus"));
  await app.click("workspace-retry");
  await app.find("try-sample");
  await app.click("nav-settings");
});

const step = story("profiles");

step("a form tells all its faults at once", async () => {
  await app.click("profile-add");
  await app.fill("profile-name", "no name");
  await app.fill("profile-host", "postgres://db");
  await app.press("profile-save");
  await app.withText("p, div", "Must be a name or an address only, such as db.example.org or 192.0.2.7");
  assert.equal((await app.window.findElements({ css: '[aria-invalid="true"]' })).length, 4);
  await look("22-profile-form");
});

step("a server is added, and its password goes to the keychain", async () => {
  await app.fill("profile-name", name);
  await app.fill("profile-host", postgres.host);
  await app.fill("profile-port", String(postgres.port));
  await app.fill("profile-database", postgres.database);
  await app.fill("profile-user", postgres.user);
  await app.fill("profile-root_cert", postgres.ca);
  await (await app.withText("label", "prod")).click();
  await app.press("profile-save");
  await app.fill("secret-input", postgres.password);
  await look("23-secret");
  await app.press("secret-save");
  await app.says(`profile-${name}`, /Password set/);
  assert.equal(secretOf(item), postgres.password);
  const file = join(home.config, "muster", "config.yml");
  assert.match(readFileSync(file, "utf8"), new RegExp(name));
  assert.doesNotMatch(readFileSync(file, "utf8"), new RegExp(postgres.canary));
  assert.equal(statSync(file).mode & 0o777, 0o600);
});

step("it is tried step by step", async () => {
  await app.click(`profile-test-${name}`);
  await app.says("test-outcome", /A push can go there/);
  await look("24-profile-test");
  await app.keys(Key.ESCAPE);
  await app.gone("test-outcome");
  postgres.run(`ALTER ROLE ${postgres.user} NOLOGIN`);
  await app.click(`profile-test-${name}`);
  await app.says("test-outcome", /cannot go there/);
  await look("25-profile-test-failed");
  postgres.run(`ALTER ROLE ${postgres.user} LOGIN`);
  await app.keys(Key.ESCAPE);
  await app.gone("test-outcome");
});

step("prod is told on every screen", async () => {
  await app.click("profile-badge");
  await app.click(`profile-use-${name}`);
  await app.says("prod-band", new RegExp(`Production\\. Pushes go to ${name}`));
  await look("26-settings-prod");
  await app.click("profile-badge");
  await app.find("profile-use-local");
  await look("27-profile-menu");
  await app.keys(Key.ESCAPE);
  await app.click("nav-imports");
  await app.find("prod-band");
  await look("28-imports-prod");
});

step("a push to prod wants its name, and is on the server then", async () => {
  await app.click("try-sample");
  await app.find("file-row", 60_000);
  await goToFix(app);
  await goToPush(app);
  const planned = numberIn(await app.says("plan-insert", /\d/, 60_000));
  await look("29-plan-prod");
  await app.press("push-button");
  await app.fill("confirm-name", "local");
  assert.equal(await (await app.find("confirm-go")).isEnabled(), false);
  await look("30-confirm-prod");
  await app.fill("confirm-name", name);
  await app.press("confirm-go");
  await app.find("push-report", 60_000);
  assert.deepEqual(postgres.query("SELECT count(*) AS members FROM membership"), [{ members: planned }]);
  assert.deepEqual(postgres.query("SELECT inserted, profile FROM push"), [{ inserted: planned, profile: name }]);
});

step("and can be taken back, by name again", async () => {
  await app.click("nav-history");
  await app.click("undo-1");
  await app.says("undo-says", /removed/);
  await app.fill("confirm-name", name);
  await look("31-undo-prod");
  await app.press("undo-go");
  await app.says("push-2", /Undo of #1/);
  await look("32-history");
  assert.deepEqual(postgres.query("SELECT count(*) AS members FROM member"), [{ members: 0 }]);
  assert.deepEqual(postgres.query("SELECT count(*) AS entries FROM audit_entry"), [{ entries: 2 }]);
});

step("another profile is a command", async () => {
  await app.click("palette-open");
  const search = await app.select('input[aria-label="Command"]');
  await search.sendKeys("switch to profile local");
  await until("the command", async () => (await app.window.findElements({ css: '[role="option"], .mantine-Spotlight-action' })).length > 0);
  await app.keys(Key.ARROW_DOWN, Key.ENTER);
  await app.says("profile-badge", /local/);
  await app.gone("prod-band");
});

step("a profile goes with its password", async () => {
  await app.click("nav-settings");
  await app.click(`profile-menu-${name}`);
  await (await app.withText('[role="menuitem"]', "Remove profile…")).click();
  await app.fill("confirm-name", name);
  await app.press("confirm-go");
  await app.gone(`profile-${name}`);
  assert.equal(secretOf(item), undefined);
});
