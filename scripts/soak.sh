#!/usr/bin/env bash
# Kills pushes many times, on SQLite and PostgreSQL, and looks at the plans of all statements at 1,000,000 members:
#   MUSTER_KILLS=5000 make soak
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

needs_rust
scripts/install-packages.sh headless test
export MUSTER_KILLS=${MUSTER_KILLS:-1000}
cargo build -p muster-cli -p muster-tests --bins
export MUSTER_TEST_MEMBERS=${MUSTER_TEST_MEMBERS:-1000000}
exec scripts/with-services.sh cargo test -p muster-tests --test integration -- --nocapture kills:: plans::
