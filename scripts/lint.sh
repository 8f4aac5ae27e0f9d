#!/usr/bin/env bash
# lint.sh [CHECK…]: the checks that run no test. Without a name, all of them.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

check_rustfmt() { needs_rust; cargo fmt --all -- --check; }

# The shell compiles ui/dist in, so it must be there before clippy sees the shell.
check_clippy() {
  needs_rust
  scripts/install-packages.sh build
  ensure_ui_built
  cargo clippy --workspace --all-targets --features "$APP_TEST_FEATURES" -- -D warnings
}

check_dependencies() { scripts/check-dependencies.sh; }

check_ui() {
  npm_install ui
  npm run --silent --prefix ui lint
  npm exec --prefix ui -- tsc --noEmit -p ui
}

check_e2e() {
  npm_install tests/e2e
  npm run --silent --prefix tests/e2e typecheck
}

sql_files() { git ls-files --cached --others --exclude-standard '*.sql'; }

# One call for all files: sqlfluff takes seconds to start.
check_sql() {
  local files
  install_sqlfluff
  mapfile -t files < <(sql_files)
  if [ "${#files[@]}" -eq 0 ]; then note "no .sql file"; return; fi
  "$MUSTER_VENV/bin/sqlfluff" lint --disable-progress-bar "${files[@]}"
}

check_shell() {
  scripts/install-packages.sh lint
  shellcheck scripts/*.sh .ci/run
}

ALL=(rustfmt clippy dependencies ui e2e sql shell)

if [ "$#" -eq 0 ]; then set -- "${ALL[@]}"; fi
for name in "$@"; do
  declare -F "check_$name" >/dev/null || die "no such check: $name (${ALL[*]})"
  say "$name"
  "check_$name"
done
