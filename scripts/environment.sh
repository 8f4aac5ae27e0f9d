# shellcheck shell=bash
# Sourced by every script here: where things are, and a few words that all of them use.
# Caches live outside the clone, so that a fresh clone, a second clone and `git clean -dfx` all start warm.

MUSTER_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
MUSTER_CACHE=${MUSTER_CACHE:-$HOME/.cache/muster}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$MUSTER_CACHE/target}
export npm_config_cache=${npm_config_cache:-$MUSTER_CACHE/npm}
MUSTER_VENV=${MUSTER_VENV:-$MUSTER_CACHE/venv}
# The project's neighbour folder with the real lists and the benchmark's peers; a clone may be without it.
MUSTER_SHARED=${MUSTER_SHARED:-$MUSTER_ROOT/../shared}
# What only the desktop shell's test build has: files without the dev server, file dialogs that tests can answer.
APP_FEATURES=muster-desktop/custom-protocol
APP_TEST_FEATURES=muster-desktop/custom-protocol,muster-desktop/e2e
export MUSTER_ROOT MUSTER_CACHE MUSTER_VENV MUSTER_SHARED APP_FEATURES APP_TEST_FEATURES

say() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() { printf '%s: %s\n' "$(basename "$0")" "$*" >&2; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

# needs_tool PROGRAM HOW-TO-GET-IT
needs_tool() { has "$1" || die "$1 is missing. $2"; }

needs_rust() { needs_tool cargo "Install Rust 1.95 or newer with rustup (https://rustup.rs)."; }

needs_node() {
  needs_tool node "Install Node 20.19 or newer (https://nodejs.org)."
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    die "Node $(node --version) is too old: 20.19 or newer is needed."
}

# npm_install FOLDER: `npm ci` when its lock file is not the one that is installed.
npm_install() {
  local folder=$1 stamp=$1/node_modules/.muster-lock
  needs_node
  if [ -f "$stamp" ] && cmp -s "$stamp" "$folder/package-lock.json"; then return; fi
  note "npm packages of ${folder#"$MUSTER_ROOT"/}"
  npm ci --prefix "$folder" --no-audit --no-fund --prefer-offline
  cp "$folder/package-lock.json" "$stamp"
}

# python_install NAME REQUIREMENT...: a virtual environment of its own with these packages; prints nothing.
python_install() {
  local venv=$1 wanted
  shift
  wanted=$(printf '%s\n' "$@")
  if [ -f "$venv/.muster-packages" ] && [ "$(cat "$venv/.muster-packages")" = "$wanted" ]; then return; fi
  note "Python packages: $*"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check "$@"
  printf '%s\n' "$wanted" >"$venv/.muster-packages"
}

SQLFLUFF_REQUIREMENT='sqlfluff==4.5.*'
install_sqlfluff() { python_install "$MUSTER_VENV" "$SQLFLUFF_REQUIREMENT"; }

MUSTER_AGENT_VENV=${MUSTER_AGENT_VENV:-$MUSTER_CACHE/agent-venv}
AGENT_REQUIREMENT='ddapm-test-agent==1.69.*'
install_agent() { python_install "$MUSTER_AGENT_VENV" "$AGENT_REQUIREMENT"; }
# Airflow, for the test of docs/airflow: exactly these versions, so that it is the same everywhere.
MUSTER_AIRFLOW=$MUSTER_CACHE/airflow-venv
install_airflow() {
  local packages
  mapfile -t packages <"$MUSTER_ROOT/tests/fixtures/airflow-requirements.txt"
  python_install "$MUSTER_AIRFLOW" "${packages[@]}"
}

# build_ui: builds ui/dist, which is compiled into the shell, so it comes before any build of the shell.
build_ui() {
  npm_install "$MUSTER_ROOT/ui"
  npm run --silent --prefix "$MUSTER_ROOT/ui" build
}

# Enough for checks of the shell's code, which do not look at the screens.
ensure_ui_built() { [ -f "$MUSTER_ROOT/ui/dist/index.html" ] || build_ui; }

# A store that speaks S3 and keeps versions, for tests.
MUSTER_MOTO=${MUSTER_MOTO:-$MUSTER_CACHE/moto}
MOTO_REQUIREMENT='moto[server]==5.*'
install_moto() { python_install "$MUSTER_MOTO" "$MOTO_REQUIREMENT"; }
