#!/usr/bin/env bash
# Measures matching: how right and how fast it finds who is the same person, beside Splink on the same records.
#   MATCH_ROWS="100000 1000000" ROUNDS=3 scripts/bench-matching.sh
# Splink takes about five minutes and 6 GB at 1,000,000 rows, so there it runs once.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

MATCH_ROWS=${MATCH_ROWS:-100000 1000000}
ROUNDS=${ROUNDS:-3}
# From this many rows on each program runs once, and Splink's thresholds are not searched again.
ONCE_FROM=500000
# log2(0.99 / 0.01): the default threshold of merging, in bits.
MERGE_BITS=6.6294
bench=$MUSTER_ROOT/tests/bench
peers=$MUSTER_SHARED/bench/peers
generator=$MUSTER_SHARED/bench/gen_members.py
work=$MUSTER_CACHE/bench/matching
python=$MUSTER_CACHE/match-venv/bin/python
link=$CARGO_TARGET_DIR/release/examples/link

if [ ! -d "$peers" ] || [ ! -f "$generator" ]; then
  note "No peers in $peers: matching is not measured."
  exit 0
fi

needs_rust
python_install "$MUSTER_CACHE/match-venv" 'splink==5.0.*' 'recordlinkage==0.16' 'duckdb==2.0.*' 'polars==2.1.*' \
  'pandas>=2,<3' pyarrow
say "Building the linking program (release)"
cargo build --release -p muster-engine --example link
mkdir -p "$work"

table_head() {
  printf '| | of | found | precision | recall | F1 |\n| --- | --- | ---: | ---: | ---: | ---: |\n'
}

# FEBRL's lists: small, and with an identity number, so they say how right it is and nothing about speed.
febrl() {
  local number
  [ -f "$work/febrl4.csv" ] || "$python" "$bench/match_lists.py" febrl "$work"
  say "FEBRL"
  table_head
  for number in 1 2 3 4; do
    "$link" "$work/febrl$number.csv" "$work/out.csv" --pairs "$work/pairs.csv" >/dev/null
    "$python" "$bench/match_score.py" "FEBRL $number" "$work/febrl$number.csv" ent "$work/out.csv" \
      "$work/pairs.csv" "$MERGE_BITS"
  done
  for number in 1 2 3 4; do
    (cd "$peers" && "$python" -B link_febrl.py "$number" splink 2>/dev/null | grep '^febrl')
  done
}

# generated ROWS: the standardised records of both programs, made once.
generated() {
  local folder=$work/$1
  if [ ! -f "$folder/truth_ids.csv" ]; then
    mkdir -p "$folder"
    "$python" "$generator" --rows "$1" --seed 1 --out "$folder" >/dev/null
    (cd "$peers" && "$python" -B prep_link.py --in "$folder")
    "$python" "$bench/match_lists.py" truth "$folder"
  fi
  echo "$folder"
}

# splink FOLDER THRESHOLD: its command; its own settings are in the peer's script.
splink() { echo "$python -B $peers/link_splink.py --in $1 --out $1/splink.parquet --threshold $2"; }

lists() {
  local rows=$1 folder rounds=$ROUNDS threshold
  folder=$(generated "$rows")
  [ "$rows" -lt "$ONCE_FROM" ] || rounds=1
  say "$rows generated records, $(nproc) cores"
  "$python" "$bench/measure.py" --rounds "$rounds" --json "$work/times-$rows.json" \
    "Muster=$link $folder/link_in.csv $folder/muster.csv --pairs $folder/pairs.csv" "Splink=$(splink "$folder" 0.95)"
  table_head
  "$python" "$bench/match_score.py" Muster "$folder/truth_ids.csv" entity_id "$folder/muster.csv" "$folder/pairs.csv" \
    "$MERGE_BITS"
  "$python" "$bench/match_score.py" 'Splink at 0.95' "$folder/truth_ids.csv" entity_id "$folder/splink.parquet"
  [ "$rows" -lt "$ONCE_FROM" ] || return 0
  for threshold in 0.8 0.9 0.98 0.99 0.999; do
    bash -c "$(splink "$folder" "$threshold")" >/dev/null 2>&1
    "$python" "$bench/match_score.py" "Splink at $threshold" "$folder/truth_ids.csv" entity_id "$folder/splink.parquet" |
      grep clusters
  done
}

febrl
for rows in $MATCH_ROWS; do lists "$rows"; done
