# shellcheck shell=bash
# Sourced by with-services.sh: starts and stops the servers that tests talk to, each in its own part of $services.
# Every server is a child of this shell in the foreground, so its process id is known, and the kernel ends it when
# this shell is killed.

# Where they keep their files, and the options of with-services.sh.
services='' durable=no tls=on names=DNS:localhost,IP:127.0.0.1 unlock=yes
declare -A pids=()

# The newest PostgreSQL's programs: initdb, postgres and psql.
postgres_bin() {
  local found
  if found=$(command -v initdb); then dirname "$(readlink -f "$found")"; return; fi
  found=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || die "PostgreSQL is missing. scripts/install-packages.sh test installs it."
  dirname "$found"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# PostgreSQL and PgBouncer refuse to run as root.
server_user() {
  if [ "$(id -u)" -ne 0 ]; then id -un; elif id postgres >/dev/null 2>&1; then echo postgres; else echo nobody; fi
}

own() {
  if [ "$(id -u)" -eq 0 ]; then chown -R "$(server_user):$(id -gn "$(server_user)")" "$@"; fi
}

# unprivileged SIGNAL COMMAND…: becomes it, as the servers' user. The kernel sends SIGNAL when this shell is gone,
# and Ctrl-C does not reach it: the tests that it serves end first.
unprivileged() {
  local signal=$1 who=()
  shift
  if [ "$(id -u)" -eq 0 ]; then who=(--reuid "$(server_user)" --regid "$(id -g "$(server_user)")" --clear-groups); fi
  exec env -i PATH="$PATH" LANG=C.UTF-8 HOME="$PWD" setsid setpriv "${who[@]}" --pdeathsig "$signal" -- "$@"
}

alive() { [ -n "${pids[$1]:-}" ] && kill -0 "${pids[$1]}" 2>/dev/null; }

# poll SECONDS COMMAND…: until it succeeds.
poll() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.05
  done
}

gone() { ! alive "$1"; }

# end NAME SIGNAL: ends a server that was started here and waits until it is gone.
end() {
  if alive "$1"; then
    # A frozen one would not hear the signal.
    kill -CONT "${pids[$1]}" 2>/dev/null || true
    kill "-$2" "${pids[$1]}" 2>/dev/null || true
    poll 15 gone "$1" || kill -KILL "${pids[$1]}" 2>/dev/null || true
    wait "${pids[$1]}" 2>/dev/null || true
  fi
  unset "pids[$1]"
}

# failed NAME FILE: says why a server did not start.
failed() {
  tail -n 20 "$2" >&2 || true
  die "$1 did not start; its last words are above"
}

# A certificate authority, another one that signed nothing, and the servers' certificate. A day is enough.
make_certificates() {
  local folder=$services/certificates name
  local new=(-x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -config "$folder/openssl.cnf")
  mkdir "$folder"
  printf '[req]\ndistinguished_name = dn\n[dn]\n' >"$folder/openssl.cnf"
  for name in ca other-ca; do
    openssl req "${new[@]}" -subj "/CN=$name" -keyout "$folder/$name.key" -out "$folder/$name.pem" \
      -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign 2>/dev/null
  done
  openssl req "${new[@]}" -subj /CN=server -keyout "$folder/server.key" -out "$folder/server.pem" \
    -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -addext "subjectAltName=$names" \
    -addext basicConstraints=critical,CA:FALSE -addext extendedKeyUsage=serverAuth 2>/dev/null
}

# The settings of a PostgreSQL that only tests use.
postgres_settings() {
  echo "listen_addresses = '127.0.0.1'"
  echo "unix_socket_directories = '$services/postgres'"
  echo "password_encryption = 'scram-sha-256'"
  echo "max_connections = 200"
  echo "timezone = 'UTC'"
  if [ "$tls" = on ]; then
    printf "ssl = on\nssl_cert_file = '%s'\nssl_key_file = '%s'\n" "$services/postgres/server.pem" "$services/postgres/server.key"
  fi
  # What is lost when the machine loses power does not matter, unless a test is about that.
  if [ "$durable" != yes ]; then printf 'fsync = off\nfull_page_writes = off\n'; fi
}

make_postgres() {
  local folder=$services/postgres
  mkdir -m 0700 "$folder"
  cp "$services/certificates/server.pem" "$services/certificates/server.key" "$services/postgres.password" "$folder/"
  chmod 0600 "$folder"/*
  own "$folder"
  (cd "$folder" && unprivileged KILL "$postgres_programs/initdb" -N -D data -U postgres -A scram-sha-256 \
    --pwfile=postgres.password -E UTF8 --locale=C.UTF-8) >"$services/initdb.log" 2>&1 || failed initdb "$services/initdb.log"
  postgres_settings >>"$folder/data/postgresql.conf"
  rm "$folder/postgres.password"
}

postgres_answers() { ! alive postgres || "$postgres_programs/pg_isready" -q -h 127.0.0.1 -p "$postgres_port"; }

# Starts it on its port. INT is PostgreSQL's word for a fast stop.
start_postgres() {
  (cd "$services/postgres" && unprivileged INT "$postgres_programs/postgres" -D data -p "$postgres_port") >>"$services/postgres.log" 2>&1 &
  pids[postgres]=$!
  poll 30 postgres_answers && alive postgres
}

# Another program may take the free port first, and the children of a killed server need a moment to go.
start_postgres_patiently() {
  local try
  for try in 1 2 3 4 5 6 7 8; do
    start_postgres && return
    sleep "0.$try"
    # A server that clients know already comes back on the port that they know.
    [ -n "${postgres_known:-}" ] || postgres_port=$(free_port)
  done
  failed PostgreSQL "$services/postgres.log"
}

service_postgres() {
  postgres_programs=$(postgres_bin)
  make_postgres
  postgres_port=$(free_port)
  start_postgres_patiently
  postgres_known=yes
  offer MUSTER_TEST_POSTGRES_PORT "$postgres_port"
  offer MUSTER_TEST_POSTGRES_PASSWORD_FILE "$services/postgres.password"
  offer MUSTER_TEST_PSQL "$postgres_programs/psql"
}

# Transaction mode, as a member organisation's provider runs it. Nothing is let through that PgBouncer itself does not.
bouncer_settings() {
  cat <<INI
[databases]
* = host=127.0.0.1 port=$postgres_port
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = $bouncer_port
unix_socket_dir =
pool_mode = transaction
default_pool_size = 4
server_idle_timeout = 10
auth_type = scram-sha-256
auth_file = $services/bouncer/users.txt
auth_user = postgres
auth_query = SELECT usename, passwd FROM pg_catalog.pg_shadow WHERE usename = \$1
INI
  if [ "$tls" = on ]; then
    printf 'server_tls_sslmode = verify-ca\nserver_tls_ca_file = %s\n' "$services/certificates/ca.pem"
    printf 'client_tls_sslmode = allow\nclient_tls_cert_file = %s\nclient_tls_key_file = %s\n' \
      "$services/bouncer/server.pem" "$services/bouncer/server.key"
  fi
}

bouncer_answers() { ! alive bouncer || (exec 4<>"/dev/tcp/127.0.0.1/$bouncer_port") 2>/dev/null; }

start_bouncer() {
  bouncer_settings >"$services/bouncer/pgbouncer.ini"
  (cd "$services/bouncer" && unprivileged TERM "$(PATH=$PATH:/usr/sbin command -v pgbouncer)" pgbouncer.ini) >>"$services/bouncer.log" 2>&1 &
  pids[bouncer]=$!
  poll 15 bouncer_answers && alive bouncer
}

service_bouncer() {
  local try
  mkdir -m 0700 "$services/bouncer"
  cp "$services/certificates/server.pem" "$services/certificates/server.key" "$services/bouncer/"
  printf '"postgres" "%s"\n' "$(cat "$services/postgres.password")" >"$services/bouncer/users.txt"
  chmod 0600 "$services/bouncer"/*
  own "$services/bouncer"
  for try in 1 2 3; do
    bouncer_port=$(free_port)
    if start_bouncer; then break; fi
    [ "$try" -lt 3 ] || failed PgBouncer "$services/bouncer.log"
  done
  offer MUSTER_TEST_BOUNCER_PORT "$bouncer_port"
}

s3_answers() { ! alive s3 || (exec 4<>"/dev/tcp/127.0.0.1/$s3_port") 2>/dev/null; }

# A store that speaks S3, with an empty bucket `raw`. It checks signatures, checksums and conditions.
service_s3() {
  local program=$MUSTER_CACHE/tools/bin/s3s-fs try
  [ -x "$program" ] || die "s3s-fs is missing. scripts/install-tools.sh installs it."
  mkdir -p "$services/s3/raw"
  own "$services/s3"
  for try in 1 2 3; do
    s3_port=$(free_port)
    (cd "$services/s3" && unprivileged TERM "$program" --host 127.0.0.1 --port "$s3_port" --access-key muster --secret-key "$(cat "$services/s3.secret")" "$services/s3") >>"$services/s3.log" 2>&1 &
    pids[s3]=$!
    if poll 15 s3_answers && alive s3; then break; fi
    [ "$try" -lt 3 ] || failed s3s-fs "$services/s3.log"
  done
  offer MUSTER_TEST_S3 "http://127.0.0.1:$s3_port"
  offer MUSTER_TEST_S3_SECRET_FILE "$services/s3.secret"
}

agent_answers() { ! alive agent || (exec 4<>"/dev/tcp/127.0.0.1/$agent_otlp_port") 2>/dev/null; }

# Datadog's test agent, which takes OTLP and tells what it got.
service_agent() {
  local try
  install_agent >&2
  mkdir -p "$services/agent"
  for try in 1 2 3; do
    agent_otlp_port=$(free_port)
    (cd "$services/agent" && exec env -i PATH="$PATH" LANG=C.UTF-8 HOME="$services/agent" setsid setpriv --pdeathsig TERM -- \
      "$MUSTER_AGENT_VENV/bin/ddapm-test-agent" --host 127.0.0.1 --port "$(free_port)" --otlp-grpc-port "$(free_port)" \
      --otlp-http-port "$agent_otlp_port") >>"$services/agent.log" 2>&1 &
    pids[agent]=$!
    if poll 20 agent_answers && alive agent; then break; fi
    [ "$try" -lt 3 ] || failed "Datadog's test agent" "$services/agent.log"
  done
  offer MUSTER_TEST_AGENT_PORT "$agent_otlp_port"
}

# A bus that starts nothing by itself: no portal, no accessibility service, no window that asks for a password.
bus_settings() {
  cat <<XML
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=$services/runtime/bus</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
XML
}

# on_bus COMMAND…: becomes it, with nothing of the person's session.
on_bus() {
  exec env -i PATH="$PATH" LANG=C.UTF-8 HOME="$services/home" XDG_RUNTIME_DIR="$services/runtime" \
    DBUS_SESSION_BUS_ADDRESS="unix:path=$services/runtime/bus" "$@"
}

secret() { (on_bus timeout 10 secret-tool "$@"); }

start_bus() {
  (exec setsid setpriv --pdeathsig TERM -- dbus-daemon --config-file="$services/bus.conf" --nofork --nopidfile --nosyslog) >"$services/bus.log" 2>&1 &
  pids[bus]=$!
  poll 10 test -S "$services/runtime/bus" || failed dbus-daemon "$services/bus.log"
}

keychain_answers() {
  (on_bus dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets) 2>/dev/null | grep -q 'boolean true'
}

# gnome-keyring also exits well, and runs, with a wrong password: only writing and reading show that it works.
keychain_works() {
  [ "$unlock" = yes ] || return 0
  printf works | secret store --label='Muster test' muster-test ready &&
    [ "$(secret lookup muster-test ready)" = works ] && secret clear muster-test ready
}

start_keychain() {
  local command=(gnome-keyring-daemon --foreground --components=secrets --control-directory="$services/runtime/keyring")
  if [ "$unlock" = yes ]; then command+=(--unlock); fi
  (on_bus setsid setpriv --pdeathsig TERM -- "${command[@]}" <"$services/keychain.password") >>"$services/keychain.log" 2>&1 &
  pids[keychain]=$!
  poll 10 keychain_answers && alive keychain && keychain_works
}

service_keychain() {
  mkdir -m 0700 "$services/home" "$services/runtime"
  (umask 077 && random_text >"$services/keychain.password")
  bus_settings >"$services/bus.conf"
  start_bus
  start_keychain || failed gnome-keyring-daemon "$services/keychain.log"
  offer MUSTER_TEST_KEYCHAIN_BUS "unix:path=$services/runtime/bus"
  # Whatever looks for a keychain finds this one, not the person's who runs the tests.
  offer DBUS_SESSION_BUS_ADDRESS "unix:path=$services/runtime/bus"
  offer XDG_RUNTIME_DIR "$services/runtime"
}

# Locks every collection, as when a person's screen has been locked for long.
lock_keychain() {
  (on_bus timeout 10 dbus-send --session --print-reply --dest=org.freedesktop.secrets /org/freedesktop/secrets \
    org.freedesktop.Secret.Service.Lock array:objpath:/org/freedesktop/secrets/collection/login >/dev/null)
}

# An OAuth server and a mock of Google Drive, both of npm, in one process.
start_google() {
  rm -f "$services/google.addresses"
  (exec setsid setpriv --pdeathsig TERM -- node "$MUSTER_ROOT/tests/servers/google.mjs" "$services/google.addresses") >>"$services/google.log" 2>&1 &
  pids[google]=$!
  poll 20 google_answers && alive google
}

google_answers() { ! alive google || [ -f "$services/google.addresses" ]; }

google_address() { sed -n "s/^$1=//p" "$services/google.addresses"; }

service_google() {
  npm_install "$MUSTER_ROOT/tests/servers" >&2
  start_google || failed "the OAuth server" "$services/google.log"
  offer MUSTER_TEST_OAUTH_URL "$(google_address oauth)"
  offer MUSTER_TEST_DRIVE_MOCK_URL "$(google_address drive)"
}

moto_answers() { ! alive moto || (exec 4<>"/dev/tcp/127.0.0.1/$moto_port") 2>/dev/null; }

start_moto() {
  moto_port=$(free_port)
  (cd "$services" && exec setsid setpriv --pdeathsig TERM -- env -i PATH="$PATH" LANG=C.UTF-8 HOME="$services" \
    "$MUSTER_MOTO/bin/moto_server" --host 127.0.0.1 --port "$moto_port") >>"$services/moto.log" 2>&1 &
  pids[moto]=$!
  poll 60 moto_answers && alive moto
}

# Another store that speaks S3: its bucket `raw` keeps every version of an object. It checks no signatures.
service_moto() {
  local try
  install_moto >&2
  for try in 1 2 3; do
    if start_moto; then break; fi
    [ "$try" -lt 3 ] || failed moto "$services/moto.log"
  done
  "$MUSTER_MOTO/bin/python" - "http://127.0.0.1:$moto_port" <<'PY' || failed moto "$services/moto.log"
import sys

import boto3

key = {"aws_access_key_id": "muster", "aws_secret_access_key": "any", "region_name": "us-east-1"}
s3 = boto3.client("s3", endpoint_url=sys.argv[1], **key)
s3.create_bucket(Bucket="raw")
s3.put_bucket_versioning(Bucket="raw", VersioningConfiguration={"Status": "Enabled"})
PY
  offer MUSTER_TEST_MOTO "http://127.0.0.1:$moto_port"
}
