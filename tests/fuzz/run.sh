#!/bin/sh
# Runs each fuzzer for SECONDS_EACH seconds; ends with "N passed, N failed".
set -u
build=${BUILD:-build/fuzz}
passed=0 failed=0
for source in tests/fuzz/*/fuzz_*.c; do
    name=${source#tests/fuzz/}
    name=${name%.c}
    corpus=$build/corpus/$name
    mkdir -p "$corpus"
    seeds=tests/fuzz/${name%/*}/$(basename "$name" | sed 's/^fuzz_//').seeds
    [ -d "$seeds" ] || seeds=
    # shellcheck disable=SC2086
    if "$build/tests/fuzz/$name" -max_total_time="${SECONDS_EACH:-10}" -max_len=65536 -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
        -artifact_prefix="$build/" "$corpus" $seeds >"$corpus.log" 2>&1; then
        passed=$((passed + 1))
        echo "ok $name: $(sed -n 's/stat::number_of_executed_units: *//p' "$corpus.log") runs"
    else
        failed=$((failed + 1))
        echo "FAILED $name"
        tail -n 40 "$corpus.log"
    fi
done
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
