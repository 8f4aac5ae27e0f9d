#!/usr/bin/env bash
# Checks that our crates use each other only as docs/ARCHITECTURE.md says, after checking the check.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"
needs_rust

python3 scripts/check-dependencies.py --self-test
cargo metadata --format-version 1 --quiet | python3 scripts/check-dependencies.py
