#!/usr/bin/env bash
# Installs the git hooks of .pre-commit-config.yaml.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

scripts/install-packages.sh lint
install_sqlfluff
npm_install ui
python_install "$MUSTER_CACHE/pre-commit" 'pre-commit>=4.6,<5'
"$MUSTER_CACHE/pre-commit/bin/pre-commit" install
