// A grid deep below row 524,288 still paints. WebKitGTK stops painting 2^24 pixels down a scrolled area while the
// page's text stays right, so only a look at the screen itself can tell; the graphics stack is on for that.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before } from "node:test";
import { App, Home, pause, until } from "./app.js";
import { paintedColours } from "./look.js";
import { goToFix, rowsOf } from "./steps.js";
import { story } from "./story.js";

// `MUSTER_TEST_DEEP_ROWS=1000000` tries more.
const ROWS = Number(process.env.MUSTER_TEST_DEEP_ROWS ?? 540_000);
const home = new Home();
const lists = home.subfolder("lists");
const step = story("a deep grid");
let app: App;

before(async () => {
  execFileSync(process.env.MUSTER_CLI ?? "muster", ["sample", "--rows", String(ROWS), "--seed", "3", "--out", lists], { stdio: "ignore" });
  // truth.csv says who is who; it is no list.
  const files = readdirSync(lists).filter((name) => /\.(csv|tsv)$/.test(name) && !name.startsWith("truth")).map((name) => join(lists, name));
  app = await App.start({ home, pickFiles: files, compositing: true });
});
after(async () => {
  await app.stop();
  home.remove();
});

step(`holds ${ROWS} rows`, async () => {
  await app.click("new-import");
  await app.click("choose-files");
  await app.find("file-row", 120_000);
  await goToFix(app, 600_000);
  assert.equal(await rowsOf(app, "all"), ROWS);
});

/** Colours of the middle of the grid's rows, where there is text if anything was painted. */
async function coloursOfRows(name: string): Promise<number> {
  await pause(1_500); // scrolling settles, the rows arrive, the frame is drawn
  const box = await app.run<{ x: number; y: number; width: number; height: number }>(
    `const { x, y, width, height } = document.querySelector('[data-testid="fix-grid"] .ag-grid-viewport').getBoundingClientRect();
     return { x, y, width, height };`,
  );
  return paintedColours(name, { x: box.x + 20, y: box.y + 50, width: box.width - 40, height: box.height - 80 });
}

step("paints its first rows", async () => {
  await until("the first rows' text", async () => (await app.cellText(0, "source")) !== "");
  assert.ok((await coloursOfRows("deep-row-top")) > 20);
});

step("paints its last rows", async () => {
  await app.run(`document.querySelector('[data-testid="fix-grid"] .ag-grid-viewport').scrollTop = 1e9;`);
  // The row is there at once; what is in it comes from the backend. Every row has a source.
  await until("the last rows' text", async () => (await app.cellText(ROWS - 1, "source")) !== "", 60_000);
  assert.ok((await coloursOfRows("deep-row-bottom")) > 20, "the last rows are not painted");
});

step("sorts all of them by a column, and back to the top", async () => {
  await (await app.select('[data-testid="fix-grid"] .ag-header-cell[col-id="family_name"] .ag-header-cell-label')).click();
  await app.run(`document.querySelector('[data-testid="fix-grid"] .ag-grid-viewport').scrollTop = 0;`);
  const first = await until("the first names", async () => (await app.cellText(0, "family_name")) || null, 120_000);
  const next = await until("the next names", async () => (await app.cellText(1, "family_name")) || null);
  assert.ok(first.localeCompare(next, "en", { sensitivity: "base" }) <= 0, "not in order");
});
