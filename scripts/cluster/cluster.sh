#!/usr/bin/env bash
# Runs a cluster that fails over by itself, on one machine and on loopback: three PostgreSQL servers with Patroni and PgBouncer,
# etcd, and two nodes of UniqueRandom behind HAProxy. To try it, and as a model: the files beside this one are templates.
#
#   cluster.sh create DIRECTORY [PORT]      writes the configuration to a new directory, for 40 ports from PORT (default 17000)
#   cluster.sh up DIRECTORY [PORT]          starts everything, creating it first if need be, and waits until it draws
#   cluster.sh down DIRECTORY               stops everything, and keeps the data
#   cluster.sh status DIRECTORY             shows the members, and whether the nodes are ready
#   cluster.sh start|stop DIRECTORY NAME    one process: etcd, member1 to member3, pgbouncer1 to 3, node1, node2 or haproxy
#   cluster.sh patronictl DIRECTORY ...     patronictl, such as: cluster.sh patronictl /tmp/cluster list
#
# Root runs the database as the user postgres. Programs, on Debian:
#   apt-get install patroni etcd-server haproxy pgbouncer postgresql curl
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
members=(1 2 3)
nodes=(1 2)
processes=(etcd member1 member2 member3 pgbouncer1 pgbouncer2 pgbouncer3 node1 node2 haproxy)

fail() {
  echo "cluster.sh: $*" >&2
  exit 1
}

# Debian keeps haproxy and pgbouncer where only root looks.
PATH=$PATH:/usr/sbin
as_database=()
((EUID != 0)) || as_database=(setpriv --reuid=postgres --regid=postgres --init-groups)

need_programs() {
  local program
  for program in etcd patroni patronictl pgbouncer haproxy curl; do
    command -v "$program" >/dev/null ||
      fail "$program is missing. Run apt-get install patroni etcd-server haproxy pgbouncer postgresql curl."
  done
  bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1) || true
  [[ -x ${bin:-}/initdb ]] || fail "PostgreSQL is missing. Run apt-get install postgresql."
}

need_server() {
  server=${UNIQUERANDOM_SERVER:-$here/../../src/UniqueRandom.Server/bin/Release/net10.0/UniqueRandom.Server}
  [[ -x $server ]] || fail "$server is missing. Run dotnet build src/UniqueRandom.Server -c Release, or set UNIQUERANDOM_SERVER."
}

port() { # offset
  echo $(($(<"$dir/port") + $1))
}

render() { # template, file, name=value...
  local text value
  text=$(<"$here/$1")
  for value in "${@:3}"; do text=${text//"@${value%%=*}@"/"${value#*=}"}; done
  printf '%s\n' "$text" >"$dir/etc/$2"
}

# The API of etcd over which this Patroni is safe; see patroni.yaml.
etcd_api() {
  local version
  version=$(patroni --version | cut -d' ' -f2)
  if printf '%s\n' 3.0.3 "$version" | sort -VC; then echo etcd3; else echo etcd; fi
}

create() {
  [[ ! -e $dir/created ]] || fail "$dir has a cluster already. Start it with up, or name another directory."
  [[ $first =~ ^[0-9]{4,5}$ && $first -ge 1024 && $first -le 65496 ]] || fail "'$first' is not a port from 1024 to 65496."
  mkdir -p "$dir"/{etc,log,run,credentials,etcd}
  echo "$first" >"$dir/port"
  local member password hosts=
  password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  local common=("DIR=$dir" "BIN=$bin" "PASSWORD=$password" "ETCD_API=$(etcd_api)" "ETCD_PORT=$(port 3)" "PEER_PORT=$(port 4)")
  # The files have passwords.
  umask 077
  render etcd.yaml etcd.yaml "${common[@]}"
  render patronictl.yaml patronictl.yaml "${common[@]}"
  render numbers.sql numbers.sql "${common[@]}"
  echo "\"uniquerandom\" \"$password\"" >"$dir/etc/userlist.txt"
  for member in "${members[@]}"; do
    local own=("NAME=member$member" "POSTGRES_PORT=$(port $((10 + member)))" "REST_PORT=$(port $((20 + member)))"
      "PGBOUNCER_PORT=$(port $((30 + member)))")
    render patroni.yaml "member$member.yaml" "${own[@]}" "${common[@]}"
    render pgbouncer.ini "pgbouncer$member.ini" "${own[@]}" "${common[@]}"
    hosts+=${hosts:+,}127.0.0.1:$(port $((30 + member)))
    mkdir -p "$dir/member$member"
  done
  render haproxy.cfg haproxy.cfg "HTTP_PORT=$(port 0)" "NODE1_PORT=$(port 1)" "NODE2_PORT=$(port 2)" "STATUS_PORT=$(port 5)"
  echo "Host=$hosts;Database=numbers;Username=uniquerandom;Password=$password" \
    >"$dir/credentials/UniqueRandom__ConnectionString"
  if ((EUID == 0)); then
    chown -R postgres: "$dir"/{etc,etcd,member*}
    "${as_database[@]}" test -r "$dir/etc/etcd.yaml" || fail "The user postgres can't read $dir. Name a directory that it can."
  fi
  # Last, so that an interrupted creation starts over.
  touch "$dir/created"
}

started_at() { # process id; nothing if it is gone
  { sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f1,20 | grep -v '^Z' | cut -d' ' -f2; } 2>/dev/null || true
}

# The process id of a running process of the cluster. An id alone may belong to another process by now.
process_of() { # name
  local id at
  [[ -e $dir/run/$1.pid ]] && read -r id at <"$dir/run/$1.pid" && [[ -n $at && $(started_at "$id") == "$at" ]] && echo "$id"
}

launch() { # name, command...
  local name=$1
  shift
  # In a session of its own, so that Ctrl+C in this terminal doesn't reach it.
  setsid "$@" >>"$dir/log/$name.log" 2>&1 </dev/null &
  echo "$! $(started_at $!)" >"$dir/run/$name.pid"
}

# Starts a program again whenever it ends, as systemd does with Restart=always.
keep() { # command...
  # PgBouncer has nothing to lose, and from version 1.23 on it waits for its clients after TERM.
  trap 'kill -KILL "$child"; exit 0' TERM
  while true; do
    "$@" &
    child=$!
    wait "$child" || true
    sleep 1
  done
}

start() { # name
  local name=$1 number=${1//[^0-9]/}
  process_of "$name" >/dev/null && return
  case $name in
  etcd) launch "$name" "${as_database[@]}" etcd --config-file "$dir/etc/etcd.yaml" ;;
  member[123]) launch "$name" "${as_database[@]}" patroni "$dir/etc/$name.yaml" ;;
  # PgBouncer 1.18 may end with "bad client state" while its server is frozen.
  pgbouncer[123]) launch "$name" "${as_database[@]}" bash -c "$(declare -f keep); keep \"\$@\"" "$name" \
    pgbouncer "$dir/etc/$name.ini" ;;
  haproxy) launch "$name" haproxy -db -f "$dir/etc/haproxy.cfg" ;;
  node[12]) CREDENTIALS_DIRECTORY=$dir/credentials launch "$name" "$server" --urls "http://127.0.0.1:$(port "$number")" \
    --store postgres --require-sync-standby --mark "$dir/$name.mark" ;;
  esac
}

stop() { # name
  local name=$1 id turn
  if id=$(process_of "$name"); then
    # Its group, because PgBouncer has a shell above it.
    kill -CONT -- "-$id" || true
    kill "$id" || true
    for ((turn = 0; turn < 200; turn++)); do
      process_of "$name" >/dev/null || break
      sleep 0.1
    done
    # Still the same process, or gone.
    ! id=$(process_of "$name") || kill -KILL -- "-$id" || true
  fi
  # Patroni leaves PostgreSQL running when it is paused or killed, and it may be frozen.
  if [[ $name == member* && -e $dir/$name/data/postmaster.pid ]]; then
    id=$(head -n 1 "$dir/$name/data/postmaster.pid")
    # After a restart of the machine, the id may belong to another process.
    if tr '\0' ' ' <"/proc/$id/cmdline" 2>/dev/null | grep -qF "$dir/$name/data"; then
      { xargs kill -CONT "$id" <"/proc/$id/task/$id/children"; } 2>/dev/null || true
      "${as_database[@]}" "$bin/pg_ctl" -D "$dir/$name/data" -m immediate -w stop >/dev/null 2>&1 || true
    fi
  fi
}

up() {
  local process turn
  [[ -e $dir/created ]] || create
  for process in "${processes[@]}"; do start "$process"; done
  for ((turn = 0; turn < 600; turn++)); do
    if curl -sf -o /dev/null "http://127.0.0.1:$(port 0)/health/ready"; then
      echo "The cluster draws at http://127.0.0.1:$(port 0)/random. Its passwords are in $dir/etc, its logs in $dir/log."
      return
    fi
    for process in "${processes[@]}"; do
      process_of "$process" >/dev/null ||
        fail "$process has ended: $(tail -n 1 "$dir/log/$process.log") Stop the others with: cluster.sh down $dir"
    done
    sleep 0.2
  done
  fail "The cluster is not ready after two minutes. See $dir/log, and stop it with: cluster.sh down $dir"
}

down() {
  local process
  for process in haproxy "${nodes[@]/#/node}" "${members[@]/#/pgbouncer}"; do stop "$process"; done
  for process in "${members[@]/#/member}"; do stop "$process" & done
  wait
  stop etcd
}

patroni_control() {
  timeout 60 "${as_database[@]}" patronictl -c "$dir/etc/patronictl.yaml" "$@"
}

status() {
  local node
  process_of etcd >/dev/null || fail "The cluster is stopped. Start it with: cluster.sh up $dir"
  patroni_control list || true
  for node in "${nodes[@]}"; do
    echo "node$node: $(curl -s -m 5 "http://127.0.0.1:$(port "$node")/health/ready" || echo "no answer")"
  done
}

usage() {
  sed -n '2,/^set/{/^#/s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
  exit 2
}

(($# >= 2)) || usage
verb=$1
dir=$(realpath -m "$2")
shift 2
first=${1:-17000}
[[ $verb == create || $verb == up || -e $dir/created ]] || fail "$dir has no cluster. Create it with: cluster.sh up $dir"
need_programs
[[ $verb != create && $verb != up && $verb != start ]] || need_server
case $verb in
create | up | down | status) "$verb" ;;
start | stop)
  [[ " ${processes[*]} " == *" ${1:-} "* ]] || fail "'${1:-}' is not a process of the cluster. Name one of: ${processes[*]}."
  "$verb" "$1"
  ;;
patronictl) patroni_control "$@" ;;
*) usage ;;
esac
