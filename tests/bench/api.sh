#!/bin/sh
# CPU a request, start and memory of the control plane, beside the same page served by C, libmicrohttpd and SQLite
# with nothing between. One line a figure: name, unit, ours, floor, ratio.
set -eu
build=${BUILD:-build}
events=${BENCH_EVENTS:-1000000}
requests=${BENCH_REQUESTS:-20000}
connections=16
server=$build/tero-control-plane
load=$build/tests/bench/api_load
here=$(mktemp -d "${TMPDIR:-/tmp}/tero-bench-XXXXXX")
pids=
stop() {
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    wait
    rm -rf "$here"
}
trap stop EXIT
trap 'exit 1' INT TERM

figure() { # name unit ours [floor]
    awk -v name="$1" -v unit="$2" -v ours="$3" -v floor="${4:--}" 'BEGIN {
        ratio = floor == "-" ? "-" : sprintf("%.2fx", ours / floor)
        printf "%s, %s, %s, %s, %s\n", name, unit, ours, floor, ratio }'
}

"$build/tests/bench/fill_store" "$here/data" "$events" >/dev/null
socket=$here/data/control-plane.sock
"$server" serve --data "$here/data" --no-tcp 2>"$here/log" &
ours=$!
pids=$ours
"$build/tests/bench/api_floor" "$here/data/control-plane.db" "$here/floor.sock" &
floor=$!
pids="$ours $floor"
tries=0
until [ -S "$socket" ] && [ -S "$here/floor.sock" ]; do
    tries=$((tries + 1))
    [ $tries -lt 3000 ] || { cat "$here/log" >&2; exit 1; }
    sleep 0.01
done

cat >"$here/page.json" <<'END'
{"query":"query Page($first: Int!) { logEvents(first: $first, orderBy: {field: CURRENT_TOTAL_USD_PER_HOUR, direction: DESC}) { totalCount pageInfo { hasNextPage endCursor } edges { node { id name template severity service { id name } eventCount byteCount status { current { eventsPerHour bytesPerHour totalUsdPerHour } } firstSeenAt lastSeenAt } } } }","variables":{"first":50}}
END
echo '{"query":"{ viewer { id } }"}' >"$here/small.json"

ask() { # socket pid method path [body]
    "$load" request "$1" "$2" "$requests" $connections "$3" "$4" ${5:+"$5"} >"$here/out" || return 1
    cut -d' ' -f1 "$here/out"
}

# Rounds of ours and the floor in turn; the lowest CPU of three is the least disturbed.
least() { # command...
    best=
    for round in 1 2 3; do
        value=$("$@") || return 1
        best=$(awk -v a="$value" -v b="${best:-$value}" 'BEGIN { print a < b ? a : b }')
    done
    echo "$best"
}

constant=$(least ask "$here/floor.sock" $floor GET /constant)
figure "API constant answer CPU" us "$(least ask "$socket" $ours GET /healthz)" "$constant"
figure "API small query CPU, against a constant answer" us "$(least ask "$socket" $ours POST /graphql "$here/small.json")" "$constant"
page=$(least ask "$here/floor.sock" $floor GET /page)
figure "API 50-row page CPU, against bare C and SQLite" us "$(least ask "$socket" $ours POST /graphql "$here/page.json")" "$page"
figure "API 50-row page answer" bytes "$(cut -d' ' -f3 "$here/out")"
figure "API 50-row page, 16 connections" requests/s "$(cut -d' ' -f2 "$here/out")"

kill $ours
wait $ours || true
pids=$floor
figure "API first answer after exec" ms "$("$load" start 11 "$socket" "$server" serve --data "$here/data" --no-tcp 2>/dev/null)" 30
"$server" serve --data "$here/data" --listen 127.0.0.1:0 2>>"$here/log" &
ours=$!
pids="$floor $ours"
until [ -S "$socket" ]; do sleep 0.01; done
requests=1 connections=1 ask "$socket" $ours POST /graphql "$here/page.json" >/dev/null
figure "API idle private memory" KiB "$(awk '/^Private_Dirty:/ { print $2 }' /proc/$ours/smaps_rollup)" 8192
"$build/tests/bench/graphql_page"
