#!/usr/bin/env bash
# Runs every check and every test, stops at the first that fails, and ends with the runners' own summary lines
# and one line of totals. Needs no standard input. With names, only these steps: scripts/test.sh cargo e2e
# shellcheck disable=SC2317 # the steps are called by name
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

STEPS=(install rustfmt sql shell ui-build clippy dependencies ui-lint e2e-types ui-tests cargo doctests e2e)

step_install() {
  needs_rust
  scripts/install-packages.sh build test lint
  npm_install ui
  npm_install tests/e2e
  npm_install tests/servers
  install_sqlfluff
  install_agent
  install_airflow
  scripts/install-tools.sh
}
step_rustfmt() { scripts/lint.sh rustfmt; }
step_ui-build() { build_ui; }
step_clippy() { scripts/lint.sh clippy; }
step_dependencies() { scripts/lint.sh dependencies; }
step_ui-lint() { scripts/lint.sh ui; }
step_e2e-types() { scripts/lint.sh e2e; }
step_ui-tests() { npm test --silent --prefix ui; }
step_cargo() {
  ensure_ui_built
  # The same commit gives the same result: property tests draw their cases from a fixed seed here. A plain
  # `cargo test` draws new ones each time.
  export PROPTEST_RNG_SEED=${PROPTEST_RNG_SEED:-20261123}
  # The integration tests start the program muster.
  cargo build --workspace --bins --features "$APP_TEST_FEATURES"
  # One PostgreSQL, PgBouncer and keychain for all of them.
  if cargo nextest --version >/dev/null 2>&1; then
    scripts/with-services.sh cargo nextest run --workspace --features "$APP_TEST_FEATURES" --no-fail-fast
  else
    scripts/with-services.sh cargo test --workspace --features "$APP_TEST_FEATURES" --no-fail-fast --lib --bins --tests
  fi
}
step_doctests() { cargo test --workspace --features "$APP_TEST_FEATURES" --doc; }
step_e2e() { scripts/test-e2e.sh; }
step_sql() { scripts/lint.sh sql; }
step_shell() { scripts/lint.sh shell; }

logs=$MUSTER_ROOT/target/test-logs
report=()

# A step runs in a shell of its own, where `set -e` holds.
run_step() {
  local name=$1 started=$SECONDS status=0
  say "make test: $name"
  bash "$0" --step "$name" </dev/null 2>&1 | tee "$logs/$name.log" || status=$?
  if [ "$status" -eq 0 ]; then
    report+=("$(printf '%-13s ok      %4d s' "$name" $((SECONDS - started)))")
  else
    report+=("$(printf '%-13s FAILED  %4d s' "$name" $((SECONDS - started)))")
  fi
  return "$status"
}

plain_logs() {
  local log
  for log in "$logs"/{ui-tests,cargo,doctests,e2e}.log; do
    if [ -f "$log" ]; then sed $'s/\e\\[[0-9;]*[A-Za-z]//g' "$log"; fi
  done
}

# The lines in which vitest, nextest, cargo test and node's runner say how many tests they ran.
summary_lines() {
  plain_logs | grep -E '^ *(Test Files|Tests) +[0-9]|^ *Summary \[|^test result: |^ℹ (tests|pass|fail|skipped) ' || true
}

# "passed failed skipped" over all runners.
totals() {
  summary_lines | awk '
    function count(word) { return match($0, "[0-9]+ " word) ? substr($0, RSTART) + 0 : 0 }
    /^test result:/ { passed += count("passed"); failed += count("failed"); skipped += count("ignored") }
    /^ *Tests /     { passed += count("passed"); failed += count("failed"); skipped += count("skipped") + count("todo") }
    /^ *Summary/    { passed += count("passed"); failed += count("failed") + count("timed out"); skipped += count("skipped") }
    /^ℹ pass/       { passed += $3 }
    /^ℹ fail/       { failed += $3 }
    /^ℹ skipped/    { skipped += $3 }
    END { print passed + 0, failed + 0, skipped + 0 }'
}

main() {
  local name status=0 failed_step='' passed failed skipped
  rm -rf "$logs"
  mkdir -p "$logs"
  for name in "$@"; do
    if [ -n "$failed_step" ]; then
      report+=("$(printf '%-13s not run' "$name")")
    elif ! run_step "$name"; then
      failed_step=$name status=1
    fi
  done
  read -r passed failed skipped < <(totals)
  # A check that is no test has no count of its own.
  if [ -n "$failed_step" ] && [ "$failed" -eq 0 ]; then failed=1; fi
  say "make test"
  printf '%s\n' "${report[@]}"
  echo
  summary_lines
  if [ -n "$failed_step" ]; then printf '\n%s failed; its output is above and in target/test-logs/%s.log\n' "$failed_step" "$failed_step"; fi
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  exit "$status"
}

if [ "${1:-}" = --step ]; then "step_$2"; exit; fi
if [ "$#" -eq 0 ]; then set -- "${STEPS[@]}"; fi
for name in "$@"; do declare -F "step_$name" >/dev/null || die "no such step: $name (${STEPS[*]})"; done
main "$@"
