#!/usr/bin/env bash
# Writes docs/SCHEMA.md again from the tables of a new PostgreSQL database. A test fails while it is not up to date.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

needs_rust
scripts/install-packages.sh headless test
cargo build -p muster-cli -p muster-tests --bins
MUSTER_WRITE_SCHEMA=1 exec scripts/with-services.sh cargo test -p muster-tests --test integration -- schema::
