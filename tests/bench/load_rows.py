#!/usr/bin/env python3
"""Loads the finished rows of a push from CSV files, as a script would: load_rows.py postgres|FILE FOLDER executemany|to_sql

In one transaction. Of PostgreSQL the connection is in the usual variables (PGHOST and so on).
"""

import csv
import sys

import pandas
import sqlalchemy

KINDS = {"id": int, "company_id": int, "version": int, "member_id": int, "club_id": int, "score": float, "unified_score": float,
         "year": int, "source_file_id": int, "line": int, "membership_id": int, "push_id": int,
         "fingerprint": lambda text: bytes.fromhex(text.removeprefix("\\x"))}
# A batch in which a column is empty does not say what is in it.
TYPES = {int: sqlalchemy.BigInteger, float: sqlalchemy.Double}
BATCH = 10_000


def batches(path):
    """The rows of a file with their types; what is empty is missing."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = []
        for row in csv.DictReader(file):
            rows.append({name: KINDS.get(name, str)(text) if text else None for name, text in row.items()})
            if len(rows) == BATCH:
                yield rows
                rows = []
        if rows:
            yield rows


def main():
    target, folder, how = sys.argv[1:]
    engine = sqlalchemy.create_engine("postgresql+psycopg://" if target == "postgres" else f"sqlite:///{target}")
    with engine.begin() as connection:
        if target != "postgres":
            connection.exec_driver_sql("PRAGMA foreign_keys = ON")
        for table in ("member", "membership", "source_record"):
            for rows in batches(f"{folder}/{table}.csv"):
                if how == "executemany":
                    names = list(rows[0])
                    sql = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})"
                    connection.execute(sqlalchemy.text(sql), rows)
                else:
                    frame = pandas.DataFrame(rows, dtype=object)
                    kinds = {name: TYPES.get(KINDS.get(name), sqlalchemy.Text) for name in rows[0]}
                    kinds |= {"fingerprint": sqlalchemy.LargeBinary} if "fingerprint" in kinds else {}
                    frame.to_sql(table, connection, if_exists="append", index=False, dtype=kinds)


if __name__ == "__main__":
    main()
