// A member file in the real app: opened, edited, saved with its previous version kept, and looked at.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, Key, pause, until } from "./app.js";
import { inspect } from "./look.js";
import { numberIn } from "./steps.js";
import { Finding, story } from "./story.js";

const home = new Home();
const folder = home.subfolder("files");
const path = join(folder, "master.csv");
const other = join(folder, "mine.xlsx");
const step = story("member file");
let app: App;
let original = "";
let rows = 0;

before(async () => {
  const lists = home.subfolder("lists");
  const muster = process.env.MUSTER_CLI ?? "muster";
  execFileSync(muster, ["sample", "--rows", "400", "--seed", "5", "--out", lists], { stdio: "ignore" });
  const files = readdirSync(lists).filter((name) => /\.(csv|tsv)$/.test(name) && !name.startsWith("truth"));
  // Exit code 3: some rows of a sample are rejected.
  try {
    execFileSync(muster, ["run", ...files, "--out", folder], { cwd: lists, stdio: "ignore" });
  } catch (reason) {
    assert.equal((reason as { status?: number }).status, 3);
  }
  original = readFileSync(path, "utf8");
  rows = original.trim().split("\n").length - 1;
  app = await App.start({ home, memberFile: path, saveMemberFile: other });
});
after(async () => {
  await app.stop();
  home.remove();
});

async function look(name: string): Promise<void> {
  const wrong = await inspect(app, name);
  if (wrong.length > 0) throw new Finding(wrong.join("\n"));
}

const says = (number: number) => app.says("member-rows-found", new RegExp(`^${number.toLocaleString("en-US")} row`));

/** Not by WebDriver's own word for a text, which is empty where a line may be cut with an ellipsis. */
const lineOf = (testId: string) =>
  app.run<string>(`return document.querySelector('[data-testid="' + arguments[0] + '"]')?.textContent ?? ""`, testId);
const fileName = () => lineOf("member-file-name");

/** Scrolls sideways to a cell, as a person would before they touch it. */
async function reach(row: number, column: string): Promise<void> {
  await until(`${column} of row ${row} to be reached`, async () => {
    await app.run(`arguments[0].scrollIntoView({ block: "nearest", inline: "center" });`, await app.cell(row, column));
    return true;
  });
  await pause(200);
}

async function edit(row: number, column: string, text: string): Promise<void> {
  await reach(row, column);
  await app.editCell(row, column, text);
}

step("no file is open", async () => {
  await app.click("nav-member-file");
  await app.find("member-file-open");
  await look("17-member-file-empty");
});

step("opens one", async () => {
  await app.press("member-file-open");
  await says(rows);
  await until("the first row's text", async () => (await app.cellText(0, "row")) === "1");
  assert.equal(await fileName(), "master.csv");
  await look("18-member-file");
});

step("edits cells by the rules of their fields", async () => {
  await edit(0, "c8", "new york");
  await app.cellSays(0, "c8", "NY");
  await edit(1, "c6", "some day in May");
  await app.cellSays(1, "c6", "some day in May");
  await app.clickCell(1, "c6");
  await until("the warning", async () => (await lineOf("member-warning")).includes("Unreadable date"));
  await reach(2, "c4");
  await edit(2, "c0", "=SUM(A1)");
  await app.cellSays(2, "c0", "=SUM(A1)");
  await look("19-member-file-edited");
});

step("adds a row at the end and types into it", async () => {
  await app.click("member-add");
  await says(rows + 1);
  await until("the new row in sight", async () => (await app.cellText(rows, "state")) === "New");
  await until("the new row's cell in focus", async () => app.run<boolean>(`return document.activeElement?.getAttribute("col-id") === "c0"`));
  // Typing starts the editor. Enter opens it too.
  await app.keys(Key.ENTER);
  const editor = await app.select(".ag-cell-inline-editing input");
  await editor.sendKeys("Zebedee", Key.ENTER);
  await app.cellSays(rows, "c0", "Zebedee");
});

step("deletes rows and undoes it", async () => {
  await app.fill("member-search", "zebedee");
  await says(1);
  await app.click("member-rows-menu");
  await app.press("member-delete-found");
  await app.says("member-rows-found", /^0 rows/);
  await app.click("member-undo");
  await says(1);
  await app.fill("member-search", "");
  await says(rows + 1);
});

step("shows what is not saved", async () => {
  await app.click("member-show-unsaved");
  await says(4);
  assert.equal(numberIn(await app.text("member-unsaved")), 4);
  await look("20-member-file-unsaved");
  await app.click("member-steps");
  await app.find("member-step-1");
  await pause(400);
  await look("21-member-file-steps");
  await app.keys(Key.ESCAPE);
  await app.gone("member-step-1");
  await app.click("member-show-all");
});

step("saves, and keeps the version before", async () => {
  assert.equal(readFileSync(path, "utf8"), original, "nothing is written before");
  await app.press("member-save");
  await app.says("member-unsaved", /^Saved/);
  const saved = readFileSync(path, "utf8");
  assert.match(saved, /^'=SUM\(A1\),/m);
  assert.match(saved, /\nZebedee,+\n$/);
  assert.equal(saved.split("\n").length, original.split("\n").length + 1);
  const versions = readdirSync(join(folder, "previous versions"));
  assert.equal(versions.length, 1);
  assert.equal(readFileSync(join(folder, "previous versions", versions[0] as string), "utf8"), original);
});

step("does not write over what another program changed", async () => {
  await edit(0, "c0", "Mine");
  await app.cellSays(0, "c0", "Mine");
  writeFileSync(path, original);
  await app.press("member-save");
  await until("the refusal", async () => (await lineOf("error-notice")).includes("Another program has changed the file"));
  assert.equal(readFileSync(path, "utf8"), original);
  await look("22-member-file-changed");
  await app.click("member-error-save-as");
  await until("the other file's name", async () => (await fileName()) === "mine.xlsx");
  assert.ok(existsSync(other));
  assert.equal(readFileSync(path, "utf8"), original);
});

step("a workbook is saved too, and its previous version restored", async () => {
  await edit(0, "c0", "Third");
  await app.cellSays(0, "c0", "Third");
  await app.press("member-save");
  await app.says("member-unsaved", /^Saved/, 60_000);
  await app.click("member-more");
  await app.press("member-versions");
  await app.find("member-version");
  await pause(400);
  await look("23-member-file-versions");
  const restore = await (await app.select('[data-testid^="member-restore-"]')).getAttribute("data-testid");
  await app.press(restore ?? "");
  await app.press("member-discard");
  await app.cellSays(0, "c0", "Mine");
  await says(rows + 1);
});

step("keeps what was not saved when the window closes, and offers it at the next start", async () => {
  await edit(1, "c2", "Unsaved");
  await app.cellSays(1, "c2", "Unsaved");
  const disk = readFileSync(other);
  await app.stop();
  app = await App.start({ home, memberFile: path, saveMemberFile: other });
  await app.find("member-draft-reminder");
  await look("24-member-file-reminder");
  await app.click("member-draft-reminder");
  await until("the draft", async () => (await lineOf("member-draft")).includes("1 row not saved"));
  assert.ok((await lineOf("member-draft")).startsWith("mine.xlsx"));
  await app.gone("member-draft-reminder");
  await look("25-member-file-draft");
  await app.press("member-draft-resume");
  await app.cellSays(1, "c2", "Unsaved");
  await says(rows + 1);
  await look("26-member-file-resumed");
  assert.deepEqual(readFileSync(other), disk, "the file itself was not touched");
  await app.click("member-undo");
  await app.says("member-unsaved", /^Saved/);
});

step("leaves no copy of the rows behind", async () => {
  await app.click("member-more");
  await app.press("member-close");
  await app.says("empty-state", /No file is open/);
  const copies = readdirSync(home.data, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("rows.db"));
  assert.deepEqual(copies, []);
});
