#!/usr/bin/env bash
# Times reading, standardising, validating and writing of generated lists: Muster's command line against the same
# job in DuckDB and polars, in interleaved rounds, and checks that the results agree. Then pushes to PostgreSQL and
# SQLite, against psql, the sqlite3 shell, SQLAlchemy and pandas; then matching, against Splink.
#   ROWS=1000000 ROUNDS=5 make bench      the size and the rounds of the main run
#   scripts/bench.sh imports|pushes|matching       only one of its parts
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

ROWS=${ROWS:-1000000}
ROUNDS=${ROUNDS:-5}
MATRIX_ROWS=100000
bench=$MUSTER_ROOT/tests/bench
peers=$MUSTER_SHARED/bench/peers
generator=$MUSTER_SHARED/bench/gen_members.py
work=$MUSTER_CACHE/bench
python=$MUSTER_CACHE/bench-venv/bin/python
muster=$CARGO_TARGET_DIR/release/muster
# Which parts a run covers; "all peers" where they are there.
have_peers() { [ -d "$peers" ] && [ -f "$generator" ]; }

prepare() {
  needs_rust
  scripts/install-packages.sh headless test
  python_install "$MUSTER_CACHE/bench-venv" 'duckdb==2.0.*' 'polars==2.1.*' 'numpy>=2,<3'
  say "Building the command line (release)"
  cargo build --release -p muster-cli
}

# lists ROWS NAME [SWITCH…]: the folder with generated lists, made once.
lists() {
  local rows=$1 folder=$work/$1-$2
  shift 2
  if [ ! -f "$folder/done" ]; then
    rm -rf "$folder"
    mkdir -p "$folder"
    if have_peers; then
      "$python" "$generator" --rows "$rows" --seed 1 --out "$folder" "$@" >/dev/null
    else
      "$muster" sample --rows "$rows" --seed 1 --out "$folder" >/dev/null
    fi
    touch "$folder/done"
  fi
  echo "$folder"
}

# The lists in a folder as words of a command; truth.csv is no list.
files_of() { find "$1" -maxdepth 1 \( -name '*.csv' -o -name '*.tsv' \) ! -name 'truth*' | sort | tr '\n' ' '; }

# time_them FOLDER ROUNDS: all programs on the lists of a folder, results in $work/out/NAME.
time_them() {
  local folder=$1 rounds=$2 jobs
  rm -rf "$work/out"
  mkdir -p "$work/out"
  jobs=("Muster=$muster run $(files_of "$folder") --out $work/out/muster --json")
  if have_peers; then
    jobs+=("DuckDB=$python -B $peers/standardise_duckdb.py --in $folder --out $work/out/duckdb")
    jobs+=("polars=$python -B $peers/standardise_polars.py --in $folder --out $work/out/polars")
  fi
  "$python" "$bench/measure.py" --rounds "$rounds" --json "$work/times.json" --fresh "$work/out" "${jobs[@]}"
}

compare_with() {
  say "Muster's results and those of $1"
  "$python" "$bench/compare.py" "$work/out/muster" "$work/out/$1"
}

main_run() {
  local folder
  folder=$(lists "$ROWS" plain)
  say "$ROWS rows ($(files_of "$folder" | xargs du -ch | tail -n 1 | cut -f 1)B), $(nproc) cores"
  time_them "$folder" "$ROUNDS"
  if have_peers; then
    compare_with duckdb
    compare_with polars
  else
    note "No peers in $peers: Muster was timed alone."
  fi
}

# Other shapes of lists, smaller: where one of them is slow, it shows here.
matrix() {
  local folder shape name switches
  have_peers || return 0
  for shape in "plain" "suspects-like-real --suspects-like-real" "quoted --quoted" "titles --prefix-rate 0.5"; do
    read -r name switches <<<"$shape"
    # shellcheck disable=SC2086 # several switches
    folder=$(lists "$MATRIX_ROWS" "$name" $switches)
    say "$MATRIX_ROWS rows, $name"
    time_them "$folder" 3
    compare_with duckdb
  done
}

# The goal of the first version: five times DuckDB's speed with half its memory.
verdict() {
  have_peers || return 0
  "$python" - "$1" <<'PYTHON'
import json, sys
times = json.load(open(sys.argv[1]))
speed = times["DuckDB"]["wall"] / times["Muster"]["wall"]
memory = times["Muster"]["memory"] / times["DuckDB"]["memory"]
print(f"\nMuster takes 1/{speed:.1f} of DuckDB's time and {memory:.0%} of its memory; the goal is 1/5 and 50%:",
      "reached." if speed >= 5 and memory <= 0.5 else "missed.")
PYTHON
}

# Pushes to servers of their own, which keep what they committed.
pushes() {
  local folder
  python_install "$MUSTER_CACHE/bench-push-venv" 'sqlalchemy==2.*' 'psycopg[binary]==3.*' 'pandas>=2,<4'
  needs_tool sqlite3 "Install the package sqlite3."
  # It reads Muster's encrypted database, to count its rows.
  cargo build -p muster-tests --bin muster-query
  folder=$(lists "$ROWS" plain)
  say "Pushes of $ROWS rows, $(nproc) cores"
  # shellcheck disable=SC2046 # several files
  scripts/with-services.sh --only=postgres --durable "$MUSTER_CACHE/bench-push-venv/bin/python" -B "$bench/pushes.py" \
    --muster "$muster" --query "$CARGO_TARGET_DIR/debug/muster-query" --work "$work/pushes" \
    --rounds "${PUSH_ROUNDS:-3}" --slow-rounds "${SLOW_ROUNDS:-1}" $(files_of "$folder")
}

matching() { scripts/bench-matching.sh; }

imports() {
  main_run
  cp "$work/times.json" "$work/main-times.json"
  matrix
  verdict "$work/main-times.json"
}

prepare
if [ "$#" -eq 0 ]; then set -- imports pushes matching; fi
for part in "$@"; do "$part"; done
