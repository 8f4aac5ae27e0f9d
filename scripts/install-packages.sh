#!/usr/bin/env bash
# Installs the system packages that are missing, on Debian and Ubuntu. Groups:
#   headless  the compiler and linker: enough for the engine, the backend and the command line
#   build     + WebKit's headers, for the desktop shell
#   test      what the tests need: a display and a web driver; PostgreSQL, PgBouncer and a keychain of their own
#   lint      what `make lint` needs
# When nothing is missing it neither asks for root nor touches the network.
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"

packages_of() {
  case $1 in
    headless) echo build-essential pkg-config libssl-dev ;;
    build) echo build-essential pkg-config libssl-dev libwebkit2gtk-4.1-dev ;;
    # fonts: without one every text is boxes. imagemagick looks at pixels.
    # postgresql: only its programs are used; what Debian starts by itself is left alone.
    test)
      echo webkit2gtk-driver xvfb xauth fonts-dejavu-core imagemagick python3-venv
      echo postgresql pgbouncer openssl dbus gnome-keyring libsecret-tools
      ;;
    lint) echo shellcheck python3-venv ;;
    *) die "no such group: $1 (headless, build, test, lint)" ;;
  esac
}

# Some machines have these from elsewhere than a package: what counts is that they work.
works_without_package() {
  case $1 in
    build-essential) has cc && has c++ && has make ;;
    pkg-config) has pkg-config ;;
    libssl-dev) has pkg-config && pkg-config --exists libcrypto ;;
    libwebkit2gtk-4.1-dev) has pkg-config && pkg-config --exists webkit2gtk-4.1 ;;
    shellcheck | openssl) has "$1" ;;
    postgresql) has initdb || [ -n "$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null)" ] ;;
    pgbouncer) has pgbouncer || [ -x /usr/sbin/pgbouncer ] ;;
    dbus) has dbus-daemon && has dbus-send ;;
    gnome-keyring) has gnome-keyring-daemon ;;
    libsecret-tools) has secret-tool ;;
    python3-venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
    *) return 1 ;;
  esac
}

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

missing_of() {
  local package
  for package in "$@"; do
    works_without_package "$package" || installed "$package" || echo "$package"
  done
}

as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif ! has sudo; then
    die "these packages need root, and there is no sudo. As root: apt-get install ${missing[*]}"
  elif [ -t 0 ]; then
    sudo "$@"
  else
    sudo -n "$@" # nobody there to type a password
  fi
}

apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 -o Acquire::Retries=3 "$@"; }

# A mirror sometimes answers badly once; the second try gets through.
install() {
  local try
  for try in 1 2 3; do
    if apt update -qq && apt install -y -qq --no-install-recommends "$@"; then return; fi
    note "apt-get failed (try $try of 3)"
    sleep $((try * 5))
  done
  return 1
}

main() {
  local group wanted=()
  for group in "$@"; do
    # shellcheck disable=SC2207 # package names have no spaces
    wanted+=($(packages_of "$group"))
  done
  mapfile -t missing < <(missing_of "${wanted[@]}" | sort -u)
  if [ "${#missing[@]}" -eq 0 ]; then return; fi
  if ! has apt-get; then
    note "This is neither Debian nor Ubuntu: please install what these packages hold, if it is missing: ${missing[*]}"
    return
  fi
  say "System packages: ${missing[*]}"
  install "${missing[@]}" || die "could not install: ${missing[*]}"
  mapfile -t missing < <(missing_of "${missing[@]}")
  if [ "${#missing[@]}" -gt 0 ]; then die "apt-get reported success, but these are still missing: ${missing[*]}"; fi
}

main "$@"
