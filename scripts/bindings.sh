#!/usr/bin/env bash
# Writes ui/src/api/bindings.ts again from the shell's commands. A test fails while it is not up to date.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

needs_rust
scripts/install-packages.sh build
ensure_ui_built
MUSTER_WRITE_BINDINGS=1 cargo test -p muster-desktop --features "$APP_TEST_FEATURES" bindings
