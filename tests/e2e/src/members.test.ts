// The members by hand in the real app: found, looked at, edited while somebody else edits them, deleted, brought back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, Key, pause, until } from "./app.js";
import { inspect } from "./look.js";
import { numberIn } from "./steps.js";
import { Finding, story } from "./story.js";

const home = new Home();
const step = story("members");
let app: App;
let all = 0;
let id = "";
let league = "";

/** The command line on the same machine: another program, as another person would use it. */
function muster(...words: string[]): Record<string, unknown> {
  const answer = execFileSync(process.env.MUSTER_CLI ?? "muster", [...words, "--json"], {
    cwd: home.folder,
    env: { ...process.env, XDG_DATA_HOME: home.data, XDG_CONFIG_HOME: home.config },
    stdio: ["ignore", "pipe", "ignore"],
    encoding: "utf8",
  });
  return JSON.parse(answer) as Record<string, unknown>;
}

async function look(name: string): Promise<void> {
  const wrong = await inspect(app, name);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
}

const found = async () => numberIn(await app.says("members-found", /\d/));
const waitFound = (members: number) => until(`${members} members`, async () => (await found()) === members);

before(async () => {
  app = await App.start({ home });
});
after(async () => {
  await app.stop();
  home.remove();
});

step("an empty database says how members come into it", async () => {
  await app.click("nav-members");
  await app.find("empty-state");
  await look("30-members-empty");
});

step("a new member is added, with what is typed standardised", async () => {
  await app.click("new-member");
  await app.fill("member-new-club", "Unity Golf Club");
  await app.fill("member-field-given_name", "Zebedee");
  await app.fill("member-field-family_name", "de la Cruz");
  await app.fill("member-field-birth_date", "someday");
  await app.fill("member-field-state", "texas");
  await app.fill("member-field-score", "1,234.50");
  await app.press("member-save");
  await app.withText("p, div", "The text is not a date. Type it as YYYY-MM-DD.");
  await look("31-member-new");
  await app.fill("member-field-birth_date", "March 14, 1971");
  await app.press("member-save");
  await app.hasValue("member-birth_date", "1971-03-14");
  await app.hasValue("member-state", "TX");
  await app.hasValue("member-score", "1234.5");
  const list = muster("members", "list", "zeb", "de la") as { rows: { id: number }[] };
  assert.equal(list.rows.length, 1);
  id = String(list.rows[0]?.id);
});

step("lists that are pushed are found letter by letter", async () => {
  await app.keys(Key.ESCAPE);
  await app.gone("member-drawer");
  muster("sample", "--rows", "900", "--seed", "5", "--out", "lists");
  const files = readdirSync(join(home.folder, "lists"))
    .filter((name) => /\.(csv|tsv)$/.test(name) && !name.startsWith("truth"))
    .map((name) => `lists/${name}`);
  try {
    muster("run", ...files, "--profile", "local");
  } catch (reason) {
    // 3: done, but some rows were rejected, as they should be.
    if ((reason as { status?: number }).status !== 3) throw reason;
  }
  await app.click("nav-imports");
  await app.click("nav-members");
  all = await until("the pushed members", async () => ((await found()) > 500 ? await found() : false));
  await look("32-members");
  await app.fill("members-name", "de la zeb");
  await waitFound(1);
  await app.fill("members-born", "1972");
  await app.find("empty-state");
  await look("33-members-none");
  await app.click("members-clear");
  await waitFound(all);
  const page = muster("members", "list", "--limit", "200") as { rows: { clubs: string[] }[] };
  league = page.rows.flatMap((row) => row.clubs).find((club) => club !== "Unity Golf Club") ?? "";
  await app.choose("members-club", league);
  await until("fewer", async () => (await found()) < all);
  await app.click("members-clear");
  await waitFound(all);
});

step("a member of a list shows their file and line", async () => {
  await app.fill("members-name", "a");
  await until("fewer", async () => (await found()) < all);
  await (await app.select('[data-testid^="member-open-"]')).click();
  await app.find("member-given_name");
  await pause(400);
  await look("34-member");
  await app.click("member-tab-sources");
  await app.says("member-sources", /line \d+/);
  await app.click("member-tab-history");
  await app.says("member-history", /Added by push/);
  await look("35-member-history");
  await app.keys(Key.ESCAPE);
  await app.gone("member-drawer");
  await app.click("members-clear");
});

step("of two who edit, the second sees both versions", async () => {
  await app.fill("members-name", "zeb de la");
  await waitFound(1);
  await app.click(`member-open-${id}`);
  await app.click("member-edit");
  await app.fill("member-field-given_name", "Zeb");
  await app.fill("member-field-email", "zeb@example.org");
  muster("members", "edit", id, "--given-name", "Zebulon", "--phone", "212 555 0123");
  await app.press("member-save");
  await app.says("member-conflict", /You both changed these fields/);
  await look("36-member-conflict");
  await app.press("member-save");
  await app.hasValue("member-given_name", "Zeb");
  await app.hasValue("member-phone", "+12125550123");
  await app.hasValue("member-email", "zeb@example.org");
});

step("personal data is hidden, and the form with it", async () => {
  await app.keys(Key.ESCAPE);
  await app.gone("member-drawer");
  await app.click("privacy-toggle");
  await app.click(`member-open-${id}`);
  await app.find("member-given_name");
  assert.equal(await (await app.find("member-edit")).isEnabled(), false);
  await look("37-member-hidden");
  await app.keys(Key.ESCAPE);
  await app.gone("member-drawer");
  await app.click("privacy-toggle");
});

step("a deleted member is brought back by Undo", async () => {
  const before = muster("members", "show", id);
  await app.click(`member-open-${id}`);
  await app.click("member-delete");
  await app.find("member-delete-go");
  await pause(400);
  await look("38-member-delete");
  await app.press("member-delete-go");
  await app.find("empty-state");
  assert.throws(() => muster("members", "show", id));
  await app.click("member-undo");
  await app.hasValue("member-given_name", "Zeb");
  const after = muster("members", "show", id);
  for (const part of ["version", "values", "memberships"]) assert.deepEqual(after[part], before[part]);
  await app.click("member-tab-history");
  await app.says("member-history", /Brought back/);
  await look("39-member-back");
  assert.equal((muster("audit", "verify") as { broken_at: unknown }).broken_at, null);
});

step("two members are compared, made one, and told apart again", async () => {
  await app.keys(Key.ESCAPE);
  await app.gone("member-drawer");
  const zeb = ["--given-name", "Zebedee", "--family-name", "de la Cruz", "--birth-date", "1971-03-14", "--state", "UT"];
  const other = String((muster("members", "add", "--club", league, ...zeb) as { member: number }).member);
  const before = [id, other].map((one) => muster("members", "show", one));
  await app.fill("members-name", "de la zeb");
  await waitFound(2);
  for (const one of [id, other]) await app.click(`member-choose-${one}`);
  await app.press("members-merge");
  await app.says("merge-effect", new RegExp(`Member ${other} goes into member ${id}`));
  await pause(400);
  await look("40-members-merge");
  await app.press("merge-go");
  await app.says(`merged-${other}`, /Merged by/);
  await pause(400);
  await look("41-member-merged");
  const merged = muster("members", "show", id) as { memberships: { club: string }[] };
  assert.deepEqual(merged.memberships.map(({ club }) => club).sort(), ["Unity Golf Club", league].sort());
  await app.press(`unmerge-${other}`);
  await app.says("unmerge-effect", new RegExp(`member ${other} again`));
  await pause(400);
  await look("42-member-unmerge");
  await app.press("unmerge-go");
  await app.gone(`merged-${other}`);
  const after = [id, other].map((one) => muster("members", "show", one));
  for (const part of ["version", "values", "memberships"]) {
    assert.deepEqual(after.map((one) => one[part]), before.map((one) => one[part]), part);
  }
});
