// The servers around the suite (scripts/with-services.sh): a PostgreSQL to push to, and the keychain that the app finds.
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Row } from "./database.js";

function told(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the suite with scripts/test-e2e.sh`);
  return value;
}

/** A database of one story's own, and its owner's login. */
export class Postgres {
  readonly host = "localhost";
  readonly port = Number(told("MUSTER_TEST_POSTGRES_PORT"));
  readonly bouncerPort = Number(told("MUSTER_TEST_BOUNCER_PORT"));
  /** The certificate authority that signed the server's certificate, and one that did not. */
  readonly ca = join(told("MUSTER_TEST_CERTIFICATES"), "ca.pem");
  readonly otherCa = join(told("MUSTER_TEST_CERTIFICATES"), "other-ca.pem");
  readonly database = `muster_${randomBytes(8).toString("hex")}`;
  readonly user = `owner_${randomBytes(8).toString("hex")}`;
  /** Its random end, which is what to look for where no password may be. */
  readonly canary = randomBytes(8).toString("hex");
  readonly password = `p@s:s/w%6Frd '"#\${&? ${this.canary}`;

  constructor() {
    superuser(
      `CREATE ROLE ${this.user} LOGIN PASSWORD '${this.password.replaceAll("'", "''")}';
       CREATE DATABASE ${this.database} OWNER ${this.user} TEMPLATE template0;`,
    );
  }

  /** What a query finds, a row an object. */
  query(sql: string): Row[] {
    const text = superuser(`SELECT coalesce(json_agg(answer), '[]') FROM (${sql}) AS answer;`, this.database);
    return JSON.parse(text) as Row[];
  }

  /** Runs any SQL as the superuser. */
  run(sql: string): void {
    superuser(sql, this.database);
  }

  remove(): void {
    superuser(`DROP DATABASE ${this.database} WITH (FORCE); DROP ROLE ${this.user};`);
  }
}

function superuser(sql: string, database = "postgres"): string {
  const folder = mkdtempSync(join(tmpdir(), "muster-psql-"));
  try {
    const passwords = join(folder, "passwords");
    writeFileSync(passwords, `*:*:*:*:${readFileSync(told("MUSTER_TEST_POSTGRES_PASSWORD_FILE"), "utf8")}\n`, { mode: 0o600 });
    const where = `host=localhost port=${told("MUSTER_TEST_POSTGRES_PORT")} dbname=${database} user=postgres passfile=${passwords}`;
    return execFileSync(told("MUSTER_TEST_PSQL"), ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", where], {
      input: sql,
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A store that speaks S3, with a bucket `raw`, and its key `muster`. */
export class S3 {
  readonly endpoint = told("MUSTER_TEST_S3");
  readonly secret = readFileSync(told("MUSTER_TEST_S3_SECRET_FILE"), "utf8").trim();
}

/** The secret with these attributes in the keychain, read with another program than the app; nothing when there is none. */
export function secretOf(attributes: Record<string, string>): string | undefined {
  try {
    return execFileSync("secret-tool", ["lookup", ...Object.entries(attributes).flat()], { encoding: "utf8", timeout: 10_000 });
  } catch {
    return undefined;
  }
}

/** Keeps a secret in the keychain, as another program would. */
export function keepSecret(attributes: Record<string, string>, secret: string): void {
  const words = ["store", "--label=Test", ...Object.entries(attributes).flat()];
  execFileSync("secret-tool", words, { input: secret, timeout: 10_000 });
}

/** Takes it out again. */
export function forgetSecret(attributes: Record<string, string>): void {
  execFileSync("secret-tool", ["clear", ...Object.entries(attributes).flat()], { timeout: 10_000 });
}
