#!/bin/sh
# Policy sync beside a constant POST answer and beside sending cached bytes: 1,000 policies, CPU of the server a poll.
# Then a fleet of 10,000 instances: what registering, polling and writing what they report costs.
set -eu
build=${BUILD:-build}
policies=1000
instances=${BENCH_INSTANCES:-10000}
server=$build/tero-control-plane
load=$build/tests/bench/api_load
fleet=$build/tests/bench/sync_fleet
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

come_up() { # socket
    tries=0
    until [ -S "$1" ]; do
        tries=$((tries + 1))
        [ $tries -lt 3000 ] || { cat "$here/log" >&2; exit 1; }
        sleep 0.01
    done
}

# As the edge sends it, with its attributes and stages.
head='{"clientMetadata":{"supportedPolicyStages":["POLICY_STAGE_LOG_FILTER","POLICY_STAGE_LOG_TRANSFORM","POLICY_STAGE_METRIC_FILTER","POLICY_STAGE_TRACE_SAMPLING"],"resourceAttributes":[{"key":"service.name","value":{"stringValue":"edge"}},{"key":"service.namespace","value":{"stringValue":"prod"}},{"key":"service.version","value":{"stringValue":"1.2.3"}},{"key":"service.instance.id","value":{"stringValue":"edge-1751970000000-17"}}]},"lastSyncTimestampUnixNano":"1751970000000000000"'

"$build/tests/bench/fill_policies" "$here/data" $policies
socket=$here/data/control-plane.sock
"$server" serve --data "$here/data" --no-tcp 2>"$here/log" &
ours=$!
pids=$ours
come_up "$socket"
echo "$head,\"lastSuccessfulHash\":\"\"}" >"$here/list.json"
"$fleet" list "$socket" >"$here/list"
hash=$(grep -o '"hash":"[0-9a-f]*"' "$here/list" | cut -d'"' -f4)
echo "$head,\"lastSuccessfulHash\":\"$hash\"}" >"$here/same.json"
awk -v head="$head" -v hash="$hash" -v n=$policies 'BEGIN {
    printf "%s,\"lastSuccessfulHash\":\"%s\",\"policyStatuses\":[", head, hash
    for (i = 0; i < n; i++) printf "%s{\"id\":\"drop-noise-%04d\",\"matchHits\":\"%d\",\"matchMisses\":\"%d\"}", i ? "," : "", i, i * 7, i
    print "]}" }' >"$here/statuses.json"
"$build/tests/bench/sync_floor" "$here/floor.sock" "$here/list" &
floor=$!
pids="$ours $floor"
come_up "$here/floor.sock"

ask() { # socket pid requests path body
    "$load" request "$1" "$2" "$3" 16 POST "$4" "$5" >"$here/out" || return 1
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

constant=$(least ask "$here/floor.sock" $floor 20000 /same "$here/same.json")
figure "sync unchanged hash CPU, against a constant answer to the same POST (goal 2)" us "$(least ask "$socket" $ours 20000 /v1/policy/sync "$here/same.json")" "$constant"
cached=$(least ask "$here/floor.sock" $floor 2000 /list "$here/list.json")
figure "sync list of $policies policies CPU, against sending cached bytes (goal 1.2)" us "$(least ask "$socket" $ours 2000 /v1/policy/sync "$here/list.json")" "$cached"
figure "sync list of $policies policies" bytes "$(cut -d' ' -f3 "$here/out")"
figure "sync poll with $policies statuses CPU (goal 400)" us "$(least ask "$socket" $ours 2000 /v1/policy/sync "$here/statuses.json")"

memory() { awk '/^Anonymous:/ { print $2 }' /proc/$ours/smaps_rollup; }
before=$(memory)
figure "sync fleet: first poll of $instances instances, registered and written, CPU" us "$("$fleet" "$socket" $ours "$instances" 0 "$hash" | cut -d' ' -f1)"
figure "sync fleet: later poll of $instances instances, written, CPU" us "$("$fleet" "$socket" $ours "$instances" 0 "$hash" | cut -d' ' -f1)"
figure "sync fleet: poll with 10 statuses, written by instance and hour, CPU" us "$("$fleet" "$socket" $ours "$instances" 10 "$hash" | cut -d' ' -f1)"
figure "sync fleet: poll with $policies statuses, written, CPU" us "$("$fleet" "$socket" $ours "$instances" $policies "$hash" 2000 | cut -d' ' -f1)"
figure "sync fleet: memory of $instances instances and what they reported" KiB $(($(memory) - before))
