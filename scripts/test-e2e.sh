#!/usr/bin/env bash
# Tests of the real app through WebDriver, on a virtual screen. Builds the app with its file dialogs replaced by
# environment variables (feature `e2e`) first. Arguments go to node's test runner (--test-name-pattern=…).
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

needs_rust
scripts/install-packages.sh build test
npm_install tests/e2e
if [ -z "${SKIP_UI_BUILD:-}" ]; then build_ui; fi
cargo build --workspace --bins --features "$APP_TEST_FEATURES"
npm run --silent --prefix tests/e2e build

export MUSTER_APP=${MUSTER_APP:-$CARGO_TARGET_DIR/debug/muster-desktop}
export MUSTER_CLI=${MUSTER_CLI:-$CARGO_TARGET_DIR/debug/muster}
export MUSTER_SCREENSHOTS=$MUSTER_ROOT/target/screenshots
rm -f "$MUSTER_SCREENSHOTS"/failed-*.png
[ -d "$MUSTER_SHARED/data/clubs" ] || note "No $MUSTER_SHARED/data/clubs here: the tests on the real lists are skipped."

# No session bus of the user's is touched: the app gets one with nothing but a keychain on it.
exec scripts/with-services.sh scripts/with-xvfb.sh \
  node --test --test-concurrency=1 --test-reporter=spec "$@" tests/e2e/dist/
