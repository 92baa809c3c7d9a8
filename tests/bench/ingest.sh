#!/bin/sh
# Ingest: records a second and core of the decoders, with the catalog, through HTTP into the store; lines a second of
# `ingest FILE`. One line a figure: name, unit, ours, floor or peer, ratio.
set -eu
build=${BUILD:-build}
seconds=${BENCH_SECONDS:-3}
lines=${BENCH_LINES:-1000000}
data=$(mktemp -d "${TMPDIR:-/tmp}/tero-bench-XXXXXX")
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null; wait "$server" 2>/dev/null; fi; rm -rf "$data"' EXIT

"$build/tests/bench/ingest_decode"
"$build/tests/bench/ingest_tap"
"$build/tests/bench/mine"
"$build/tests/bench/fields"
mined=$("$build/tests/bench/ingest_mine")
echo "$mined"

figure() { # name unit ours floor
    awk -v name="$1" -v unit="$2" -v ours="$3" -v floor="$4" 'BEGIN { printf "%s, %s, %.0f, %.0f, %.2fx\n", name, unit, ours, floor, ours / floor }'
}

"$build/tero-control-plane" serve --data "$data/served" --no-tcp 2>"$data/log" &
server=$!
tries=0
while ! grep -qs 'ready' "$data/log" && [ $tries -lt 500 ]; do
    tries=$((tries + 1))
    sleep 0.02
done
protobuf=$(echo "$mined" | awk -F', ' '/protobuf/ { print $3 }')
json=$(echo "$mined" | awk -F', ' '/JSON/ { print $3 }')
for kind in protobuf gzip json; do
    floor=$protobuf
    [ $kind = json ] && floor=$json
    name=$kind
    [ $kind = gzip ] && name="protobuf+gzip"
    for connections in 1 8; do
        sent=$("$build/tests/bench/ingest_send" "$data/served/control-plane.sock" $server $kind $connections "$seconds")
        figure "OTLP $name over HTTP into the store, $connections connections (floor: decode and catalog)" "records/s/core" "${sent% *}" "$floor"
    done
done
kill $server
wait $server || true
server=

awk -v n="$lines" 'BEGIN {
    for (i = 0; i < n; i++)
        printf "2026-11-23 10:%02d:%02d,%03d INFO [worker-%d] org.example.Store: item %d read from shard %d in %d ms\n",
               int(i / 60000) % 60, i % 60, i % 1000, i % 8, i * 7, i % 64, i % 900 }' >"$data/big.log"
seconds_of() { # command...
    start=$(date +%s%N)
    "$@" >/dev/null
    end=$(date +%s%N)
    awk -v ns=$((end - start)) 'BEGIN { printf "%.6f", ns / 1e9 }'
}
cpu_of() { # command...
    TIMEFORMAT='%U %S' bash -c 'time "$@" >/dev/null 2>&1' bash "$@" 2>&1 | awk '{ printf "%.6f", $1 + $2 + 0.000001 }'
}
wc_seconds=$(seconds_of wc -l "$data/big.log")
ours=$(seconds_of "$build/tero-control-plane" ingest --data "$data/read" "$data/big.log")
figure "ingest FILE into the store, wall clock (peer: wc -l)" "lines/s" "$(awk -v n="$lines" -v s="$ours" 'BEGIN { print n / s }')" \
    "$(awk -v n="$lines" -v s="$wc_seconds" 'BEGIN { print n / s }')"
ours=$(cpu_of "$build/tero-control-plane" ingest --data "$data/read2" "$data/big.log")
figure "ingest FILE into the store, CPU (peer: wc -l, wall clock)" "lines/s/core" "$(awk -v n="$lines" -v s="$ours" 'BEGIN { print n / s }')" \
    "$(awk -v n="$lines" -v s="$wc_seconds" 'BEGIN { print n / s }')"
