// What stands for Google: the OAuth server around the suite, a Drive with the files of a folder, and a person's browser.
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { until } from "./app.js";

const DRIVE = join(dirname(process.env.MUSTER_CLI ?? "target/debug/muster"), "muster-fake-drive");

/** The OAuth server (tests/servers/google.mjs). */
export function oauthServer(): string {
  const address = process.env.MUSTER_TEST_OAUTH_URL;
  if (!address) throw new Error("MUSTER_TEST_OAUTH_URL is not set: run the suite with scripts/test-e2e.sh");
  return address;
}

/** A Google Drive whose My Drive has the files of a folder. */
export class GoogleDrive {
  private constructor(
    private readonly server: ChildProcess,
    readonly api: string,
  ) {}

  static async start(folder: string): Promise<GoogleDrive> {
    const server = spawn(DRIVE, [oauthServer(), folder], { stdio: ["pipe", "pipe", "inherit"] });
    if (!server.stdout) throw new Error("no output of the Drive");
    for await (const line of createInterface({ input: server.stdout })) return new GoogleDrive(server, line);
    throw new Error("the Drive ended before it said where it is");
  }

  /** `config.yml` that leads here and to the OAuth server. */
  settings(): string {
    const oauth = oauthServer();
    return [
      "drive:",
      `  auth_url: ${oauth}/auth`,
      `  token_url: ${oauth}/token`,
      `  revoke_url: ${oauth}/token/revocation`,
      `  api_url: ${this.api}`,
      "",
    ].join("\n");
  }

  /** It ends with its input. */
  stop(): void {
    this.server.stdin?.end();
  }
}

/** Waits for the address that the app opens; the file is gone then. */
export async function openedAddress(file: string): Promise<string> {
  const address = await until("an address in the browser", async () => existsSync(file) && readFileSync(file, "utf8"));
  rmSync(file);
  return address;
}

/** Signs in at the OAuth server's own pages, and gives the words of the page that Muster shows in the end. */
export async function signIn(address: string, login: string): Promise<string> {
  const cookies = new Map<string, string>();
  let next = address;
  let asked = 0;
  for (let hop = 0; hop < 20; hop++) {
    const init: RequestInit = {
      redirect: "manual",
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") },
    };
    if (next.includes("/interaction/")) {
      init.method = "POST";
      init.body = new URLSearchParams(asked === 0 ? { prompt: "login", login, password: "any" } : { prompt: "consent" });
      asked += 1;
    }
    const answer = await fetch(next, init);
    for (const cookie of answer.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (name) cookies.set(name, value ?? "");
    }
    const location = answer.headers.get("location");
    if (!location) return answer.text();
    next = new URL(location, next).href;
  }
  throw new Error("the sign-in does not end");
}

/** Whether the OAuth server still gives tokens for a sign-in. */
export async function isGood(refreshToken: string): Promise<boolean> {
  const body = new URLSearchParams({ grant_type: "refresh_token", client_id: "muster-test", refresh_token: refreshToken });
  return (await fetch(`${oauthServer()}/token`, { method: "POST", body })).ok;
}
