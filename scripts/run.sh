#!/usr/bin/env bash
# Builds Muster and opens it. Without a screen it shows the same work on the command line instead: sample lists
# are made, imported into the embedded database, and the report is printed; that needs no WebKit.
# RELEASE=1 makes an optimised build, which takes several times as long and is what large lists want.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

profile=debug
cargo_flags=()
if [ -n "${RELEASE:-}" ]; then profile=release cargo_flags+=(--release); fi

has_screen() { [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname -s)" = Darwin ]; }

open_app() {
  scripts/install-packages.sh build
  say "Building Muster"
  build_ui
  cargo build -p muster-desktop --features "$APP_FEATURES" "${cargo_flags[@]}"
  say "Opening Muster"
  exec "$CARGO_TARGET_DIR/$profile/muster-desktop"
}

import_sample() {
  local lists muster=$CARGO_TARGET_DIR/$profile/muster
  scripts/install-packages.sh headless
  say "No screen here: building the command line"
  cargo build -p muster-cli "${cargo_flags[@]}"
  lists=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder's name as it is now
  trap "rm -rf '$lists'" EXIT
  say "Sample lists"
  "$muster" sample --rows 2000 --seed 1 --out "$lists"
  say "Importing them into the embedded database"
  # A machine without a screen has no keychain as a rule. As a scheduler does, this names a file with the key of the
  # database, which only this person can read; it is for the sample alone, in a data folder of its own.
  export MUSTER_DATA_DIR=${MUSTER_DATA_DIR:-$MUSTER_CACHE/sample-data}
  local key=$MUSTER_CACHE/sample-data.key
  mkdir -p "$MUSTER_CACHE"
  if [ ! -s "$key" ]; then (umask 077 && od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$key"); fi
  # truth.csv says which rows are the same person; it is for checking, not for importing.
  mapfile -t files < <(find "$lists" -maxdepth 1 -type f \( -name '*.csv' -o -name '*.tsv' \) ! -name 'truth*' | sort)
  # Exit code 3 means that some rows were rejected, which the report shows.
  "$muster" run "${files[@]}" --secret-file "data-key=$key" --json || [ $? -eq 3 ]
}

needs_rust
if has_screen; then open_app; else import_sample; fi
