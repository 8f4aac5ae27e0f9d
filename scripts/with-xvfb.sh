#!/usr/bin/env bash
# with-xvfb.sh COMMAND…: runs it on a virtual screen of its own, and takes the screen away afterwards.
set -euo pipefail

number_pipe=$(mktemp -u)
mkfifo "$number_pipe"
exec 3<>"$number_pipe"
rm "$number_pipe"

# The screen is as large as the app's window, so that pictures of it show nothing else. Xvfb itself finds a free display number and writes it to file descriptor 3 when it is ready.
Xvfb -displayfd 3 -screen 0 1280x820x24 -nolisten tcp -noreset >/dev/null 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true' EXIT

if ! read -r -t 20 number <&3; then
  echo "with-xvfb: Xvfb did not start" >&2
  exit 1
fi
exec 3>&-

status=0
DISPLAY=:$number WAYLAND_DISPLAY='' GDK_BACKEND=x11 "$@" || status=$?
exit "$status"
