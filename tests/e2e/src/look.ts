// What a person would see: pictures of the screens, and what an accessibility checker says of them.
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { type App, pause } from "./app.js";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PICTURES = process.env.MUSTER_SCREENSHOTS ?? "target/screenshots";

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] };

/** Runs axe in the page; one line a violation. */
export async function violations(app: App): Promise<string[]> {
  await app.run(AXE);
  const found = await app.window.executeAsyncScript<Violation[] | string>(`
    const done = arguments[arguments.length - 1];
    axe.run(document, { resultTypes: ["violations"] }).then(
      (result) => done(result.violations.map(({ id, help, nodes }) => ({
        id, help, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => ({ html: html.slice(0, 200), failureSummary })),
      }))),
      (reason) => done(String(reason)),
    );`);
  if (typeof found === "string") throw new Error(`axe: ${found}`);
  return found.map(({ id, help, nodes }) => `${id}: ${help}\n${nodes.map((n) => `    ${n.html}\n    ${n.failureSummary}`).join("\n")}`);
}

/**
 * What is on the virtual screen, dialogs of the system included. Not WebDriver's own screenshot: without
 * compositing, WebKit never answers that.
 */
export function picture(name: string): void {
  mkdirSync(PICTURES, { recursive: true });
  execFileSync("import", ["-window", "root", join(PICTURES, `${name}.png`)]);
}

/** Words on the screen or in its inputs that no person should meet: a value that got lost on its way. */
async function slips(app: App): Promise<string[]> {
  return app.run<string[]>(`
    const said = [document.body.innerText, ...[...document.querySelectorAll("input, textarea")].map((input) => input.value)];
    return said.flatMap((text) => text.match(/\\b(undefined|null|NaN|Invalid Date)\\b|\\[object [A-Z]\\w*\\]/g) ?? []);`);
}

/** A picture and axe's word, in light and in dark colours. Returns what is wrong, with the colours' name. */
export async function inspect(app: App, name: string): Promise<string[]> {
  const wrong: string[] = [];
  for (const scheme of ["light", "dark"] as const) {
    await app.colours(scheme);
    await pause(400); // colours fade over, and axe measures contrast
    picture(`${name}-${scheme}`);
    wrong.push(...(await violations(app)).map((line) => `${name}, ${scheme}: ${line}`));
  }
  await app.colours("light");
  wrong.push(...(await slips(app)).map((word) => `${name}: the screen says “${word}”`));
  return wrong;
}

/** A part of the virtual screen itself, as painted, and how many colours it has. */
export function paintedColours(name: string, at: { x: number; y: number; width: number; height: number }): number {
  mkdirSync(PICTURES, { recursive: true });
  const path = join(PICTURES, `${name}.png`);
  const part = `${Math.round(at.width)}x${Math.round(at.height)}+${Math.round(at.x)}+${Math.round(at.y)}`;
  execFileSync("import", ["-window", "root", "-crop", part, "+repage", path]);
  return Number(execFileSync("identify", ["-format", "%k", path], { encoding: "utf8" }));
}
