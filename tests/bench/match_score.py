#!/usr/bin/env python3
"""Precision, recall and F1 of a matching, as rows of a table.

    match_score.py NAME TRUTH.csv COLUMN CLUSTERS.{csv,parquet} [PAIRS.csv LEAST]

TRUTH has unique_id and the person in COLUMN; CLUSTERS unique_id and cluster_id; PAIRS a, b and weight (bits), of which
those of at least LEAST count. `pairs` are the pairs that were scored, `clusters` all pairs within a cluster, and
`people` the people with several records whose cluster holds exactly these.
"""

import sys
from collections import Counter

import pandas as pd


def pairs_in(sizes):
    return sum(size * (size - 1) // 2 for size in sizes)


def row(name, what, right, found, true):
    precision, recall = right / max(found, 1), right / max(true, 1)
    f1 = 2 * precision * recall / max(precision + recall, 1e-9)
    print(f"| {name} | {what} | {found:,} | {precision:.5f} | {recall:.4f} | {f1:.4f} |")


def read(path):
    return pd.read_parquet(path) if path.endswith(".parquet") else pd.read_csv(path)


def main():
    name, truth_file, column, cluster_file = sys.argv[1:5]
    truth = read(truth_file).set_index("unique_id")[column]
    cluster = read(cluster_file).set_index("unique_id")["cluster_id"].reindex(truth.index)
    true = pairs_in(Counter(truth).values())
    if len(sys.argv) > 6:
        pairs = read(sys.argv[5])
        pairs = pairs[pairs["weight"] >= float(sys.argv[6])]
        right = int((truth.loc[pairs["a"]].values == truth.loc[pairs["b"]].values).sum())
        row(name, "pairs", right, len(pairs), true)
    both = Counter(zip(cluster, truth))
    row(name, "clusters", pairs_in(both.values()), pairs_in(Counter(cluster).values()), true)
    in_cluster, of_person = Counter(cluster), Counter(truth)
    whole = sum(1 for (found, person), size in both.items() if size > 1 and in_cluster[found] == of_person[person] == size)
    row(name, "people", whole, sum(size > 1 for size in in_cluster.values()), sum(size > 1 for size in of_person.values()))


if __name__ == "__main__":
    main()
