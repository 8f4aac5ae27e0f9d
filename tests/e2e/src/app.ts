// The real app under WebDriver: starts and stops it, and knows how to find things on its screens.
import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Builder, By, Capabilities, error, Key, type WebDriver, type WebElement } from "selenium-webdriver";

const PATIENCE = 30_000;
const DRIVER = process.env.MUSTER_WEBDRIVER ?? "WebKitWebDriver";

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the suite with scripts/test-e2e.sh`);
  return value;
}

/** The folders of one person's machine: several starts of the app may share them. */
export class Home {
  readonly folder = mkdtempSync(join(tmpdir(), "muster-e2e-"));
  readonly data = this.subfolder("data");
  readonly config = this.subfolder("config");
  readonly exports = this.subfolder("exports");

  subfolder(name: string): string {
    const path = join(this.folder, name);
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }

  /** The one file of that name below the data folder. */
  dataFile(name: string): string {
    const found = readdirSync(this.data, { recursive: true, encoding: "utf8" }).filter((path) => path.split("/").at(-1) === name);
    if (found.length !== 1) throw new Error(`${found.length} files called ${name} below ${this.data}`);
    return join(this.data, found[0] as string);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export type StartOptions = {
  home: Home;
  /** What the file dialog answers. */
  pickFiles?: string[];
  /** What the dialogs of the Member file screen answer. */
  memberFile?: string;
  saveMemberFile?: string;
  /** Paint through the graphics stack as on a person's machine; slower, and what shows an unpainted grid. */
  compositing?: boolean;
  /** Variables that are other than those of the suite. */
  variables?: NodeJS.ProcessEnv;
};

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/** The screen may have been drawn anew between finding a thing and touching it. */
function isStale(reason: unknown): boolean {
  return (
    reason instanceof error.StaleElementReferenceError ||
    reason instanceof error.ElementNotInteractableError ||
    reason instanceof error.ElementClickInterceptedError ||
    reason instanceof error.NoSuchElementError
  );
}

/** Polls until there is an answer. What was drawn anew while it was looked at is looked at again. */
async function until<T>(what: string, poll: () => Promise<T | null | undefined | false>, patience = PATIENCE): Promise<T> {
  const end = Date.now() + patience;
  for (;;) {
    try {
      const found = await poll();
      if (found) return found;
    } catch (reason) {
      if (!isStale(reason)) throw reason;
    }
    if (Date.now() > end) throw new Error(`waited ${patience / 1000} s for ${what}`);
    await pause(50);
  }
}

async function startDriver(port: number, options: StartOptions): Promise<ChildProcess> {
  const { home, pickFiles, memberFile, saveMemberFile, compositing, variables } = options;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    TAURI_WEBVIEW_AUTOMATION: "true",
    XDG_DATA_HOME: home.data,
    XDG_CONFIG_HOME: home.config,
    XDG_CACHE_HOME: home.subfolder("cache"),
    MUSTER_E2E_PICK_FOLDER: home.exports,
    MUSTER_E2E_SAVE_FILE: join(home.exports, "report.json"),
    MUSTER_E2E_PICK_FILES: (pickFiles ?? []).join(":"),
    ...(memberFile && { MUSTER_E2E_MEMBER_FILE: memberFile }),
    ...(saveMemberFile && { MUSTER_E2E_SAVE_MEMBER_FILE: saveMemberFile }),
  };
  // What the person who runs the tests may have set for their own Muster.
  for (const name of ["MUSTER_DATA_DIR", "MUSTER_CONFIG_DIR", "MUSTER_ACTIVE_PROFILE"]) delete env[name];
  Object.assign(env, variables);
  if (!compositing) env.WEBKIT_DISABLE_COMPOSITING_MODE = "1";
  // A process group of its own: what is left of it can be ended whole. Its words go to a file, because a pipe
  // that an orphaned app still holds would keep this program from ending.
  const log = openSync(join(home.folder, "app.log"), "a");
  const driver = spawn(DRIVER, [`--port=${port}`, "--host=127.0.0.1"], { env, detached: true, stdio: ["ignore", log, log] });
  closeSync(log);
  await until("the web driver", async () => {
    if (driver.exitCode !== null) throw new Error(`${DRIVER} ended with ${driver.exitCode}`);
    return fetch(`http://127.0.0.1:${port}/status`).then((answer) => answer.ok, () => false);
  });
  return driver;
}

function endGroup(driver: ChildProcess): void {
  try {
    if (driver.pid) process.kill(-driver.pid, "SIGTERM");
  } catch {
    // it has ended already
  }
}

export class App {
  private constructor(
    readonly window: WebDriver,
    private readonly driver: ChildProcess,
  ) {}

  static async start(options: StartOptions): Promise<App> {
    const port = await freePort();
    const driver = await startDriver(port, options);
    const capabilities = new Capabilities({
      browserName: "wry",
      "webkitgtk:browserOptions": { binary: required("MUSTER_APP"), args: [] },
    });
    try {
      const window = await new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
      const app = new App(window, driver);
      await app.find("profile-badge");
      return app;
    } catch (reason) {
      endGroup(driver);
      throw reason;
    }
  }

  /** Closes the window. The app needs a moment after the session's end, or it is left behind. */
  async stop(): Promise<void> {
    await this.window.quit().catch(() => undefined);
    await pause(500);
    endGroup(this.driver);
  }

  all(testId: string): Promise<WebElement[]> {
    return this.window.findElements(By.css(`[data-testid="${testId}"]`));
  }

  find(testId: string, patience = PATIENCE): Promise<WebElement> {
    return this.select(`[data-testid="${testId}"]`, patience);
  }

  select(css: string, patience = PATIENCE): Promise<WebElement> {
    return until(css, async () => (await this.window.findElements(By.css(css)))[0], patience);
  }

  /** The first element of that kind whose text is `text`. */
  withText(css: string, text: string, patience = PATIENCE): Promise<WebElement> {
    return until(`${css} that says ${text}`, async () => {
      for (const element of await this.window.findElements(By.css(css))) {
        if ((await element.getText()).trim() === text) return element;
      }
      return null;
    }, patience);
  }

  async exists(testId: string): Promise<boolean> {
    return (await this.all(testId)).length > 0;
  }

  async gone(testId: string, patience = PATIENCE): Promise<void> {
    await until(`${testId} to go`, async () => !(await this.exists(testId)), patience);
  }

  /** Does `action` on the element, again if the screen was drawn anew meanwhile. */
  async on(testId: string, action: (element: WebElement) => Promise<unknown>): Promise<void> {
    await until(`${testId} to be usable`, async () => {
      await action(await this.find(testId));
      return true;
    });
  }

  click(testId: string): Promise<void> {
    return this.on(testId, (element) => element.click());
  }

  /** Waits until the button may be used, then clicks it. */
  async press(testId: string): Promise<void> {
    await until(`${testId} to be enabled`, async () => {
      const element = await this.find(testId);
      return (await element.isEnabled()) && (await element.getAttribute("aria-disabled")) !== "true";
    });
    await this.click(testId);
  }

  /** Replaces what an input holds. */
  fill(testId: string, text: string): Promise<void> {
    return this.on(testId, async (element) => {
      // In two calls: in one, WebKit holds Control down for the text too.
      await element.sendKeys(Key.chord(Key.CONTROL, "a"));
      await element.sendKeys(text || Key.DELETE);
    });
  }

  async text(testId: string): Promise<string> {
    let said = "";
    await this.on(testId, async (element) => {
      said = await element.getText();
    });
    return said;
  }

  /** Waits until the element says something that `matches`, and returns it. */
  async says(testId: string, matches: RegExp, patience = PATIENCE): Promise<string> {
    let said = "";
    try {
      return await until(
        "",
        async () => {
          said = await this.text(testId);
          return matches.test(said) && said;
        },
        patience,
      );
    } catch {
      throw new Error(`${testId} does not say ${matches} but: ${said}`);
    }
  }

  /** A cell of the grid as drawn, by its place on the screen and its field. */
  cell(row: number, field: string, patience = PATIENCE): Promise<WebElement> {
    return this.select(`.ag-row[row-index="${row}"] [role="gridcell"][col-id="${field}"]`, patience);
  }

  /** What a cell shows; without the words for screen readers about its state. */
  /** Waits until a member's value is `text`, whatever is said of where it comes from. */
  async hasValue(testId: string, text: string): Promise<void> {
    const script = `const value = arguments[0].cloneNode(true);
      for (const origin of value.querySelectorAll('[data-testid^="origin-"]')) origin.remove();
      return value.textContent.trim();`;
    await until(`${testId} to be ${text}`, async () => (await this.run<string>(script, await this.find(testId))) === text);
  }

  async cellText(row: number, field: string): Promise<string> {
    let said = "";
    await until(`the cell ${field} of row ${row}`, async () => {
      said = await this.run<string>(
        `const cell = arguments[0].cloneNode(true);
         for (const unseen of cell.querySelectorAll(".visually-hidden")) unseen.remove();
         return cell.textContent.trim();`,
        await this.cell(row, field),
      );
      return true;
    });
    return said;
  }

  async cellSays(row: number, field: string, text: string): Promise<void> {
    await until(`the cell ${field} of row ${row} to say ${text}`, async () => (await this.cellText(row, field)) === text);
  }

  async clickCell(row: number, field: string): Promise<void> {
    await until(`the cell ${field} of row ${row} to be usable`, async () => {
      await (await this.cell(row, field)).click();
      return true;
    });
  }

  async editCell(row: number, field: string, text: string): Promise<void> {
    const editor = await until(`an editor in ${field} of row ${row}`, async () => {
      await this.doubleClick(await this.cell(row, field));
      return this.select(".ag-cell-inline-editing input", 2_000).catch(() => null);
    });
    // The editor opens with its text selected.
    await editor.sendKeys(text, Key.ENTER);
  }

  /** Chooses an option of a list that opens below an input. A dialog that is still opening may close the list again. */
  async choose(testId: string, option: string): Promise<void> {
    await until(`the option ${option} of ${testId}`, async () => {
      await this.click(testId);
      try {
        await (await this.withText('[role="option"]', option, 2_000)).click();
        return true;
      } catch {
        return false;
      }
    });
  }

  keys(...pressed: string[]): Promise<void> {
    return this.window.actions().sendKeys(...pressed).perform();
  }

  async doubleClick(element: WebElement): Promise<void> {
    await this.window.actions().doubleClick(element).perform();
  }

  run<T>(script: string, ...args: unknown[]): Promise<T> {
    return this.window.executeScript<T>(script, ...args);
  }

  /** As if the colours were changed in another window: that works while a dialog covers this one's switch, too. */
  async colours(scheme: "light" | "dark"): Promise<void> {
    await this.run(
      `const change = { key: "muster-color-scheme", oldValue: localStorage.getItem("muster-color-scheme"), newValue: arguments[0], storageArea: localStorage };
       localStorage.setItem(change.key, change.newValue);
       window.dispatchEvent(new StorageEvent("storage", change));`,
      scheme,
    );
    await this.select(`html[data-mantine-color-scheme="${scheme}"]`);
  }
}

export { Key, pause, until };
