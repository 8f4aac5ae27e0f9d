#!/usr/bin/env python3
"""Times pushes of lists beside other means to bring the same rows into the same tables.

    pushes.py --muster PROGRAM --query PROGRAM --work FOLDER --rounds N --slow-rounds N LIST…

Runs under scripts/with-services.sh. All start with a database that has Muster's tables, with all their rules and
indexes, and what the members refer to (companies, clubs, files, the ledger's entry). Muster reads the lists, plans and
pushes; the others get the finished rows of `member`, `membership` and `source_record` as CSV files and load them in one
transaction. They run in turn, round by round, and the rows are counted after each.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import measure

TABLES = {
    "member": "id,prefix,given_name,middle_name,family_name,suffix,preferred_name,birth_date,state,company_id,"
              "company_source_id,email,phone,version",
    "membership": "id,member_id,club_id,source_key,member_since,last_active,score,unified_score",
    "source_record": "id,year,source_file_id,line,club_id,membership_id,push_id,fingerprint",
}
LOOKUPS = ["company", "club", "push", "source_file"]
COUNTS = " || ' ' || ".join(f"(SELECT count(*) FROM {table})" for table in [*TABLES, "push", "audit_entry"])
KEY = "07" * 32


def run(command, text="", env=None):
    done = subprocess.run(command, input=text, text=True, capture_output=True, env=env)
    if done.returncode not in (0, 3):
        sys.exit(f"pushes: {command}\n{done.stdout[-1000:]}\n{done.stderr[-2000:]}")
    return done.stdout.strip()


class Muster:
    """The program on a machine of its own, and the databases that it pushes to."""

    def __init__(self, given):
        self.given, self.work = given, Path(given.work)
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "data").mkdir(parents=True)
        password = Path(os.environ["MUSTER_TEST_POSTGRES_PASSWORD_FILE"]).read_text(encoding="utf-8").strip()
        for name, text in (("key", KEY), ("password", password)):
            (self.work / name).touch(0o600)
            (self.work / name).write_text(text, encoding="utf-8")
        ca = f"{os.environ['MUSTER_TEST_CERTIFICATES']}/ca.pem"
        # Also for psql and Python: the same server, user and encryption.
        os.environ.update(
            MUSTER_DATA_DIR=str(self.work / "data"), MUSTER_CONFIG_DIR=str(self.work / "config"), TMPDIR=str(self.work),
            MUSTER_SECRET_FILE_DATA_KEY=str(self.work / "key"), PGHOST="localhost", PGUSER="postgres", PGDATABASE="bench",
            PGPORT=os.environ["MUSTER_TEST_POSTGRES_PORT"], PGPASSWORD=password, PGSSLMODE="verify-full", PGSSLROOTCERT=ca)
        add = [given.muster, "profiles", "add", "--environment", "dev", "--driver"]
        run([*add, "sqlite", "sqlite", "--path", "bench.db"])
        run([*add, "postgres", "postgres", "--host", "localhost", "--port", os.environ["PGPORT"], "--database", "bench",
             "--user", "postgres", "--root-cert", ca])
        self.encrypted, self.plain = self.work / "data/bench.db", self.work / "plain.db"

    def command(self, verb, profile, *more):
        return " ".join([self.given.muster, verb, *self.given.lists, *more, "--profile", profile, "--secret-file",
                         f"postgres={self.work}/password", "--json", f">{self.work}/report.json"])

    def report(self):
        return json.loads((self.work / "report.json").read_text(encoding="utf-8"))

    def psql(self, sql, database="bench"):
        program = [os.environ["MUSTER_TEST_PSQL"], "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", database]
        return run(program, sql)

    def query(self, sql):
        return json.loads(run([self.given.query, str(self.encrypted)], f"{KEY}\n{sql}"))


def measured(command):
    # Exit code 3 says that rows were refused, which the lists have.
    return measure.run(f"bash -c '{command} || [ $? -eq 3 ]'")


def interleave(jobs, rounds, slow_rounds):
    """jobs: name → (before, command, after, slow)."""
    runs = {name: [] for name in jobs}
    for at in range(max(rounds, slow_rounds)):
        for name, (before, command, after, slow) in jobs.items():
            if at < (slow_rounds if slow else rounds):
                before()
                runs[name].append(measured(command))
                after(name, runs[name][-1])
    return {name: done for name, done in runs.items() if done}


def postgres(muster, given):
    muster.psql("DROP DATABASE IF EXISTS bench;\nCREATE DATABASE bench TEMPLATE template0;", "postgres")
    run(["bash", "-c", f"{given.muster} history --profile postgres --secret-file postgres={muster.work}/password"])
    rename = "DROP DATABASE IF EXISTS {0};\nALTER DATABASE bench RENAME TO {0};\nCREATE DATABASE bench TEMPLATE {0};\nCHECKPOINT;"
    muster.psql(rename.format("empty"), "postgres")
    # Once to know the rows, and what they refer to.
    measured(muster.command("push", "postgres"))
    for table, columns in TABLES.items():
        muster.psql(f"\\copy (SELECT {columns} FROM {table} ORDER BY id) TO '{muster.work}/{table}.csv' WITH (FORMAT csv, HEADER)")
    expected = muster.psql(f"SELECT {COUNTS}")
    muster.psql("TRUNCATE member, membership, source_record, score_history;\nVACUUM ANALYZE;")
    muster.psql(rename.format("lookups"), "postgres")

    def fresh(template):
        return lambda: muster.psql(f"DROP DATABASE bench WITH (FORCE);\nCREATE DATABASE bench TEMPLATE {template};\nCHECKPOINT;", "postgres")

    pushes = []

    def counted(name, _):
        if (found := muster.psql(f"SELECT {COUNTS}")) != expected:
            sys.exit(f"pushes: {name} left {found}, not {expected}")
        if name == "Muster":
            pushes.append(muster.report()["seconds"])

    copies = "\n".join(f"\\copy {table} ({columns}) FROM '{muster.work}/{table}.csv' WITH (FORMAT csv, HEADER)"
                       for table, columns in TABLES.items())
    (muster.work / "copy.sql").write_text(f"BEGIN;\n{copies}\nCOMMIT;\n", encoding="utf-8")
    loader = f"{sys.executable} -B {Path(__file__).with_name('load_rows.py')} postgres {muster.work}"
    jobs = {
        "psql copy": (fresh("lookups"), f"{os.environ['MUSTER_TEST_PSQL']} -X -q -v ON_ERROR_STOP=1 -f {muster.work}/copy.sql", counted, False),
        "Muster": (fresh("empty"), muster.command("push", "postgres"), counted, False),
        "sqlalchemy executemany": (fresh("lookups"), f"{loader} executemany", counted, True),
        "pandas to_sql": (fresh("lookups"), f"{loader} to_sql", counted, True),
    }
    names = ("server_version", "fsync", "synchronous_commit", "full_page_writes", "shared_buffers", "max_wal_size")
    settings = ", ".join(f"{name} {muster.psql(f'SHOW {name}')}" for name in names)
    print(f"\nPostgreSQL ({settings}): {expected} rows of member, membership, source_record, push, audit_entry\n")
    tell(interleave(jobs, given.rounds, given.slow_rounds), pushes)
    fresh("empty")()
    measured(muster.command("push", "postgres"))
    tell_plan(muster, "postgres")


def tell(runs, pushes):
    print(measure.table({name: measure.summary(done) for name, done in runs.items()}))
    first = measure.summary(next(iter(runs.values())))["wall"]
    seconds = {name: sorted(push[name] for push in pushes)[len(pushes) // 2] for name in pushes[0]}
    told = ", ".join(f"{name} {value:.1f} s" for name, value in seconds.items())
    print(f"\nMuster's steps (median): {told}. Its push alone: {seconds['push'] / first:.2f} times the first line.")


def tell_plan(muster, profile):
    done = measured(muster.command("plan", profile, "--mode", "update"))
    push = muster.report()["push"]
    print(f"\nA plan against a database that has them all: {done['wall']:.1f} s, {done['memory']:.0f} MiB at most; "
          f"{push['skipped_identical']} identical, {push['inserted']} new")


def sqlite(muster, given):
    def fresh_encrypted():
        for path in muster.work.glob("data/bench.db*"):
            path.unlink()

    fresh_encrypted()
    measured(muster.command("push", "sqlite"))
    schema = [row["sql"] for row in muster.query("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid")]
    lookups = []
    for table in LOOKUPS:
        for row in muster.query(f"SELECT * FROM {table} ORDER BY id"):
            values = ", ".join("NULL" if value is None else str(value) if isinstance(value, (int, float)) else "'" + value.replace("'", "''") + "'"
                               for value in row.values())
            lookups.append(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values});")
    template = muster.work / "lookups.db"
    run(["sqlite3", str(template)], "PRAGMA journal_mode = WAL;\nBEGIN;\n" + "\n".join(f"{sql};" for sql in schema) + "\n".join(lookups) + "COMMIT;")
    counts = " || ' ' || ".join(f"(SELECT count(*) FROM {table})" for table in TABLES)
    expected = muster.query(f"SELECT {counts} AS counts")[0]["counts"]

    def fresh_plain():
        for path in muster.work.glob("plain.db*"):
            path.unlink()
        shutil.copy(template, muster.plain)

    pushes = []

    def counted(name, _):
        found = muster.query(f"SELECT {counts} AS counts")[0]["counts"] if name == "Muster" else \
            run(["sqlite3", str(muster.plain)], f"SELECT {counts};")
        if found != expected:
            sys.exit(f"pushes: {name} left {found}, not {expected}")
        if name == "Muster":
            pushes.append(muster.report()["seconds"])

    # `.import` knows no NULL, so the rows go through temporary tables. Their fingerprints stay text: it knows no bytes either.
    script = ["PRAGMA synchronous = FULL;", "PRAGMA foreign_keys = ON;", "BEGIN;", ".mode csv"]
    for table, columns in TABLES.items():
        names = columns.split(",")
        values = ", ".join(f"nullif({name}, '')" for name in names)
        script += [f"CREATE TEMP TABLE of_{table} ({columns});", f".import --schema temp --skip 1 {muster.work}/{table}.csv of_{table}",
                   f"INSERT INTO {table} ({columns}) SELECT {values} FROM of_{table};", f"DROP TABLE of_{table};"]
    (muster.work / "import.sql").write_text("\n".join([*script, "COMMIT;"]) + "\n", encoding="utf-8")
    loader = f"{sys.executable} -B {Path(__file__).with_name('load_rows.py')} {muster.plain} {muster.work}"
    jobs = {
        "sqlite3 .import": (fresh_plain, f"sqlite3 -bail {muster.plain} <{muster.work}/import.sql", counted, False),
        "Muster": (fresh_encrypted, muster.command("push", "sqlite"), counted, False),
        "pandas to_sql": (fresh_plain, f"{loader} to_sql", counted, True),
    }
    print(f"\nSQLite (WAL, synchronous FULL, foreign keys on; Muster's file is encrypted): {expected} rows of member, membership, source_record\n")
    tell(interleave(jobs, given.rounds, given.slow_rounds), pushes)
    tell_plan(muster, "sqlite")


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("muster", "query", "work"):
        arguments.add_argument(f"--{name}", required=True)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--slow-rounds", type=int, default=1)
    arguments.add_argument("lists", nargs="+")
    given = arguments.parse_args()
    muster = Muster(given)
    postgres(muster, given)
    sqlite(muster, given)
    print(f"\n{given.rounds} rounds, {given.slow_rounds} of the slow ones; load of the machine at the end: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
