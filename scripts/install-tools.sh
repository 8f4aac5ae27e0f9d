#!/usr/bin/env bash
# Builds the programs that tests need and no distribution has, once, into the cache.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"

S3S_FS=0.14.1

needs_rust
tools=$MUSTER_CACHE/tools
if ! grep -qs "^\"s3s-fs $S3S_FS " "$tools/.crates.toml"; then
  say "Building s3s-fs $S3S_FS"
  cargo install s3s-fs --version "$S3S_FS" --locked --features binary --root "$tools"
fi
install_moto
