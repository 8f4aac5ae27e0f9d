#!/usr/bin/env bash
# Makes the Debian package of the desktop app and says where it is.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
cd "$MUSTER_ROOT"

needs_rust
scripts/install-packages.sh build
npm_install ui
say "Building the package"
# The bundler runs the ui's build itself (beforeBuildCommand in src-tauri/tauri.conf.json).
npm exec --yes --package=@tauri-apps/cli@2.12.5 -- tauri build --bundles deb
find "$CARGO_TARGET_DIR/release/bundle/deb" -name '*.deb' -newer Cargo.toml -print
