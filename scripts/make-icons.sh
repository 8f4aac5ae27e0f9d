#!/usr/bin/env bash
# Renders icons/app-icon.svg to the files that Tauri bundles. Run after a change of the drawing; the results
# are committed, so that no build needs these tools.
set -euo pipefail
cd "$(dirname "$0")/../icons"

need() { command -v "$1" >/dev/null || { echo "make-icons: $1 is missing; apt-get install $2" >&2; exit 1; }; }
need rsvg-convert librsvg2-bin
need png2icns icnsutils
need optipng optipng
# Debian's ImageMagick 6 is called convert-im6.q16; elsewhere it is `magick` or `convert`.
magick=$(command -v magick || command -v convert-im6.q16 || command -v convert)

render() { rsvg-convert --width "$1" --height "$1" --output "$2" app-icon.svg; optipng -quiet -strip all "$2"; }

render 32 32x32.png
render 128 128x128.png
render 256 128x128@2x.png
render 512 icon.png

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
for size in 16 24 32 48 64 128 256 512 1024; do render "$size" "$scratch/$size.png"; done
"$magick" "$scratch"/{16,24,32,48,64,256}.png icon.ico
png2icns icon.icns "$scratch"/{16,32,48,128,256,512,1024}.png >/dev/null
