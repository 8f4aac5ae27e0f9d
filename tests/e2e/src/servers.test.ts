// What the stories stand on: a database of their own, and a keychain.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { forgetSecret, keepSecret, Postgres, secretOf } from "./servers.js";

test("a story has a database of its own, which its owner can use over TLS", () => {
  const postgres = new Postgres();
  postgres.run("CREATE TABLE t (a int, b text); INSERT INTO t VALUES (1, 'x'), (2, NULL)");
  assert.deepEqual(postgres.query("SELECT a, b FROM t ORDER BY a"), [{ a: 1, b: "x" }, { a: 2, b: null }]);
  assert.deepEqual(postgres.query("SELECT a FROM t WHERE a > 2"), []);
  const asOwner = (port: number, ca: string) =>
    execFileSync(process.env.MUSTER_TEST_PSQL as string, ["-XAtc", "SELECT current_user", "-d", `host=${postgres.host} port=${port} dbname=${postgres.database} user=${postgres.user} sslmode=verify-full sslrootcert=${ca}`], {
      env: { ...process.env, PGPASSWORD: postgres.password },
      encoding: "utf8",
      stdio: "pipe",
    }).trim();
  assert.equal(asOwner(postgres.port, postgres.ca), postgres.user);
  assert.equal(asOwner(postgres.bouncerPort, postgres.ca), postgres.user);
  assert.throws(() => asOwner(postgres.port, postgres.otherCa), /certificate verify failed/);
  postgres.remove();
  assert.throws(() => asOwner(postgres.port, postgres.ca), /password authentication failed/);
});

test("the keychain keeps and forgets", () => {
  const attributes = { service: "muster-e2e", username: "ann" };
  assert.equal(secretOf(attributes), undefined);
  keepSecret(attributes, "kept");
  assert.equal(secretOf(attributes), "kept");
  forgetSecret(attributes);
  assert.equal(secretOf(attributes), undefined);
});
