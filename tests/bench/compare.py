#!/usr/bin/env python3
"""Checks that a fast answer is a right one: Muster's result files against those of another program, row by row.

    compare.py OURS THEIRS          folders: master.csv + suspects.csv against combined.csv + suspects.csv

The other program's files have no row numbers, and need not be in the files' order. So equal rows are paired first
(as often as each occurs), then the rest by what stands in both: birth date, last activity, joining year, score.
Counts, dates, years, scores, states and companies must be the same in every row. Names follow fuller rules in
Muster (docs/BENCHMARKS.md), so a few may differ; they are counted, told apart by reason, and capped.
"""

import argparse
import sys

import duckdb

# Most rows whose names may differ, as a share of all rows.
NAMES_MAY_DIFFER = 0.01

# Muster's column, the other programs' column.
COLUMNS = [
    ("given_name", "first_name"), ("middle_name", "middle_name"), ("family_name", "last_name"), ("birth_date", "dob"),
    ("company", "company"), ("last_active", "last_active"), ("score", "score"), ("member_since", "joined"),
    ("state", "state"), ("source_file", "source_file"),
]
NAMES = ("first_name", "middle_name", "last_name")
ALL = ["class"] + [theirs for _, theirs in COLUMNS]
# By these, from strict to loose, rows that are not equal find each other.
KEYS = [
    ["source_file", "dob", "last_active", "joined", "score", "last_name"],
    ["source_file", "dob", "last_active", "joined", "score", "state"],
    ["source_file", "dob", "last_active", "joined", "score"],
    ["source_file", "last_name", "last_active", "joined", "score"],
    ["source_file", "last_active", "joined", "score", "state"],
]


def load(db, name, folder, clean, columns):
    """One table of both files: the class and the columns, all text, empty for what is missing."""
    parts = []
    for klass, file in (("clean", clean), ("suspect", "suspects.csv")):
        picked = ", ".join(f"coalesce(\"{source}\", '') as {target}" for source, target in columns)
        parts.append(f"select '{klass}' as class, {picked} from read_csv('{folder}/{file}', header = true, "
                     f"all_varchar = true, delim = ',', quote = '\"', escape = '\"')")
    db.execute(f"create table {name} as {' union all '.join(parts)}")
    return {klass: rows for klass, rows in db.execute(f"select class, count(*) from {name} group by 1").fetchall()}


def leave_unpaired(db):
    """Takes equal rows out of both tables, as often as they occur in both."""
    columns = ", ".join(ALL)
    db.execute(f"create table ours_left as select * from ours except all select {columns} from theirs")
    db.execute(f"create table theirs_left as select {columns} from theirs except all select * from ours")


def pair(db, keys):
    """Pairs what is left by some columns; the n-th of each key with the n-th."""
    numbered = "select *, row_number() over (partition by {keys} order by {all}) as nth from {table}_left"
    keyed = ", ".join(keys)
    sides = {t: numbered.format(keys=keyed, all=", ".join(ALL), table=t) for t in ("ours", "theirs")}
    same = " and ".join(f"o.{key} = t.{key}" for key in keys) + " and o.nth = t.nth"
    picked = ", ".join(f"o.{c} as o_{c}, t.{c} as t_{c}" for c in ALL)
    db.execute(f"create temp table found as select {picked} from ({sides['ours']}) o join ({sides['theirs']}) t on {same}")
    db.execute("create table if not exists pairs as select * from found limit 0")
    db.execute("insert into pairs select * from found")
    for table, side in (("ours", "o"), ("theirs", "t")):
        gone = ", ".join(f"{side}_{c} as {c}" for c in ALL)
        db.execute(f"create temp table rest as select * from {table}_left except all select {gone} from found")
        db.execute(f"drop table {table}_left")
        db.execute(f"create table {table}_left as select * from rest")
        db.execute("drop table rest")
    db.execute("drop table found")


# Why a name may differ: tried in this order on each pair.
REASONS = """case
  when lower(o_first_name) = lower(t_first_name) and lower(o_middle_name) = lower(t_middle_name)
       and lower(o_last_name) = lower(t_last_name) then 'capitals: Muster leaves a name with both kinds of letters as it is'
  when rtrim(lower(o_first_name || ' ' || o_middle_name || ' ' || o_last_name), '. ')
       = rtrim(lower(t_first_name || ' ' || t_middle_name || ' ' || t_last_name), '. ') then 'a full stop'
  when replace(lower(concat_ws(' ', nullif(o_first_name, ''), nullif(o_middle_name, ''), nullif(o_last_name, ''))), '.', '')
       = replace(lower(concat_ws(' ', nullif(t_first_name, ''), nullif(t_middle_name, ''), nullif(t_last_name, ''))), '.', '')
       then 'the same words in other parts (two given names in a column of their own, particles)'
  when len(concat(t_first_name, t_middle_name, t_last_name)) > len(concat(o_first_name, o_middle_name, o_last_name))
       then 'a title or suffix that only Muster knows'
  else 'other' end"""


def report_differences(db, total):
    faults = []
    print("\n| column | rows that differ |\n| --- | ---: |")
    for column in ALL:
        rows = db.execute(f"select count(*) from pairs where o_{column} <> t_{column}").fetchone()[0]
        print(f"| {column} | {rows:,} |")
        if rows and column not in NAMES:
            faults.append(f"{rows} rows differ in {column}")
            for sample in db.execute(f"select * from pairs where o_{column} <> t_{column} limit 3").fetchall():
                print("   ", sample, file=sys.stderr)
    differ = " or ".join(f"o_{c} <> t_{c}" for c in NAMES)
    named = db.execute(f"select {REASONS}, count(*), any_value(concat_ws(' | ', o_first_name, o_middle_name, o_last_name) "
                       f"|| '  and  ' || concat_ws(' | ', t_first_name, t_middle_name, t_last_name)) "
                       f"from pairs where {differ} group by 1 order by 2 desc").fetchall()
    if named:
        print("\n| names differ by | rows | for example (Muster and the other) |\n| --- | ---: | --- |")
        for reason, rows, example in named:
            print(f"| {reason} | {rows:,} | {example.replace('|', '·')} |")
    rows = sum(row[1] for row in named)
    if rows > NAMES_MAY_DIFFER * total:
        faults.append(f"{rows} of {total} names differ, more than {NAMES_MAY_DIFFER:.0%}")
    return faults


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("ours")
    arguments.add_argument("theirs")
    given = arguments.parse_args()
    db = duckdb.connect()
    db.execute("set enable_progress_bar = false")
    ours = load(db, "ours", given.ours, "master.csv", COLUMNS)
    theirs = load(db, "theirs", given.theirs, "combined.csv", [(column, column) for _, column in COLUMNS])
    print(f"clean: {ours.get('clean', 0):,} and {theirs.get('clean', 0):,}; "
          f"suspect: {ours.get('suspect', 0):,} and {theirs.get('suspect', 0):,}")
    faults = [] if ours == theirs else [f"counts differ: {ours} and {theirs}"]
    leave_unpaired(db)
    for keys in KEYS:
        pair(db, keys)
    left = db.execute("select (select count(*) from ours_left) + (select count(*) from theirs_left)").fetchone()[0]
    if left:
        faults.append(f"{left} rows have no counterpart")
        for sample in db.execute("select 'ours', * from ours_left union all select 'theirs', * from theirs_left limit 6").fetchall():
            print("   ", sample, file=sys.stderr)
    faults += report_differences(db, sum(ours.values()))
    for fault in faults:
        print(f"compare: {fault}", file=sys.stderr)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
