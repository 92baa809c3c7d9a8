#!/bin/sh
# The console on a terminal, beside the ncurses floor and other programs, in one run.
set -eu
build=$(realpath "${BUILD:-build}")
events=${BENCH_EVENTS:-1000000}
data=$(mktemp -d "${TMPDIR:-/tmp}/tero-bench-XXXXXX")
trap 'rm -rf "$data"' EXIT
"$build/tests/bench/fill_store" "$data" "$events"
awk 'BEGIN { for (i = 0; i < 100000; i++) printf "line %06d of a long file with some words in it\n", i }' >"$data/big.log"
"$build/tero-control-plane" serve --data "$data" --socket "$data/control-plane.sock" --listen 127.0.0.1:0 2>"$data/log" &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$data"' EXIT
mkdir -p "$data/home" && cd "$data"
BUILD=$build "$build/tests/pty/bench" "$data" "$events"
