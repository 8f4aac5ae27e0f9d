#!/usr/bin/env bash
# with-services.sh [OPTION…] COMMAND…: runs it with servers of its own to talk to, and stops them afterwards: a
# PostgreSQL with TLS, a PgBouncer before it, a keychain (Secret Service) on a bus of its own, two stores that speak S3,
# what stands for Google (an OAuth server and a mock of Drive), and Datadog's test agent. They listen on 127.0.0.1 on
# free ports; MUSTER_TEST_… variables say where (docs/TESTING.md). Needs no root and no standard input.
#   --only=postgres,bouncer,keychain,google,s3,moto,agent   only these
#   --durable          PostgreSQL keeps what it committed even when it is killed
#   --no-tls           servers without TLS
#   --names=SAN        whom the servers' certificate names (DNS:localhost,IP:127.0.0.1)
#   --never-unlocked   a keychain whose password nobody has typed yet
#   --hold             instead of a command: print the variables and `ready`, then do what the lines of standard
#                      input say until it ends. Each is a verb and a service; the answer is `done` or `failed`:
#                      stop, kill, start, freeze, thaw a service; lock the keychain
set -euo pipefail
# shellcheck source=scripts/environment.sh
source "$(dirname "$0")/environment.sh"
# shellcheck source=scripts/services.sh
source "$(dirname "$0")/services.sh"

only=postgres,bouncer,keychain,google,s3,moto,agent hold=no

while [ "$#" -gt 0 ]; do
  case $1 in
    --only=*) only=${1#--only=} ;;
    --durable) durable=yes ;;
    --no-tls) tls=off ;;
    --names=*) names=${1#--names=} ;;
    --never-unlocked) unlock=no ;;
    --hold) hold=yes ;;
    --*) die "no such option: $1" ;;
    *) break ;;
  esac
  shift
done
[ "$hold" = yes ] || [ "$#" -gt 0 ] || die "which command?"
[ "$(uname -s)" = Linux ] || die "the servers for tests run on Linux only"

random_text() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# offer NAME VALUE: what the command, or who holds the servers, is told.
offer() {
  export "$1=$2"
  if [ "$hold" = yes ]; then printf '%s=%s\n' "$1" "$2"; fi
}

# shellcheck disable=SC2317 # called by the trap
stop_services() {
  local name
  # A second signal must not leave half of them running.
  trap '' INT TERM HUP
  end google TERM
  end agent TERM
  end keychain TERM
  end bus TERM
  end bouncer TERM
  end s3 TERM
  end moto TERM
  end postgres INT
  for name in "${!pids[@]}"; do end "$name" KILL; done
  rm -rf "$services"
}

# The folder can be entered, not listed, by the servers' user. A socket's path may not be long.
services=$(mktemp -d "${TMPDIR:-/tmp}/muster-services.XXXXXX")
trap stop_services EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
chmod 0711 "$services"
(umask 077 && random_text >"$services/postgres.password" && random_text >"$services/s3.secret")

obey() {
  case "$1 $2" in
    "stop postgres") end postgres INT ;;
    "kill postgres") end postgres KILL ;;
    "start postgres") start_postgres_patiently ;;
    "stop bouncer" | "kill bouncer") end bouncer KILL ;;
    "start bouncer") poll 5 start_bouncer ;;
    "stop keychain" | "kill keychain") end keychain KILL ;;
    "start keychain") start_keychain ;;
    "lock keychain") lock_keychain ;;
    "freeze "*) kill -STOP "${pids[$2]}" ;;
    "thaw "*) kill -CONT "${pids[$2]}" ;;
    *) return 1 ;;
  esac
}

hold_them() {
  local verb service
  echo ready
  while read -r verb service; do
    if obey "$verb" "$service"; then echo "done"; else echo "failed"; fi
  done
}

case $only in *postgres* | *bouncer*) make_certificates; offer MUSTER_TEST_CERTIFICATES "$services/certificates" ;; esac
for service in ${only//,/ }; do
  declare -F "service_$service" >/dev/null || die "no such service: $service"
  "service_$service"
done

if [ "$hold" = yes ]; then hold_them; exit; fi
status=0
"$@" || status=$?
exit "$status"
