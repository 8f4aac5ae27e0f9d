#!/usr/bin/env bash
# Formats everything that has a formatter.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

needs_rust
cargo fmt --all
npm_install ui
npm run --silent --prefix ui format
npm exec --prefix ui -- biome format --write --config-path=ui tests/e2e
install_sqlfluff
mapfile -t files < <(git ls-files --cached --others --exclude-standard '*.sql')
if [ "${#files[@]}" -gt 0 ]; then
  "$MUSTER_VENV/bin/sqlfluff" fix --disable-progress-bar "${files[@]}"
fi
