#!/bin/sh
# Runs every test, or those whose name holds one of the arguments; ends with "N passed, N failed".
# Each test program prints TAP ("ok 1 - name", "not ok 2 - name", "ok 3 - name # SKIP why").
set -u
build=${BUILD:-build}
log=$build/tests/log
rm -rf "$log"
mkdir -p "$log"
passed=0 failed=0 skipped=0
export CMOCKA_MESSAGE_OUTPUT=TAP BUILD="$build"
export ASAN_OPTIONS="${ASAN_OPTIONS:-detect_leaks=1:abort_on_error=0}" UBSAN_OPTIONS="${UBSAN_OPTIONS:-print_stacktrace=1}"

wanted() { # name patterns...
    name=$1
    shift
    [ $# -eq 0 ] && return 0
    for pattern in "$@"; do case $name in *"$pattern"*) return 0 ;; esac; done
    return 1
}

out_of() { echo "$log/$(echo "$1" | tr / _).tap"; }

one() { # name command...
    name=$1
    shift
    out=$(out_of "$name")
    timeout 300 "$@" >"$out" 2>"$out.err"
    judge "$name" "$out" $?
}

judge() { # name output status
    name=$1 out=$2 status=$3
    good=$(grep -c '^ok ' "$out")
    bad=$(grep '^not ok ' "$out" | grep -cv '# SKIP') # cmocka's word for a test that was left out
    skip=$(grep -ciE '^(not )?ok .*# *skip' "$out")
    good=$((good + $(grep -c '^not ok .*# SKIP' "$out")))
    if [ "$bad" -eq 0 ] && { [ $status -ne 0 ] || [ "$good" -eq 0 ]; }; then
        bad=1
        echo "not ok - $name ended with status $status" >>"$out"
    fi
    passed=$((passed + good - skip)) failed=$((failed + bad)) skipped=$((skipped + skip))
    if [ "$bad" -gt 0 ]; then
        echo "FAILED  $name"
        grep -v '# SKIP' "$out" | grep -A12 '^not ok' | head -n 60
        tail -n 40 "$out.err"
    else
        printf 'ok %4d  %s\n' "$good" "$name"
    fi
}

for test in "$build"/tests/unit/*/test_*; do
    case $test in *.d | *.dSYM) continue ;; esac
    [ -x "$test" ] && wanted "$test" "$@" && one "${test#"$build"/tests/}" "$test"
done
# Screen scripts wait more than they work: four at once.
scripts=
for script in tests/screens/*.script; do [ -e "$script" ] && wanted "$script" "$@" && scripts="$scripts ${script#tests/}"; done
began=$(date +%s)
for name in $scripts; do printf '%s\n%s\n' "$name" "$(out_of "$name")"; done |
    xargs -r -P 4 -n 2 sh -c 'timeout 300 "$0/tests/pty/screens" "tests/$1" >"$2" 2>"$2.err"; echo $? >"$2.status"' "$build"
for name in $scripts; do judge "$name" "$(out_of "$name")" "$(cat "$(out_of "$name").status")"; done
[ -n "$scripts" ] && echo "screen scripts: $(($(date +%s) - began)) s"
wanted pty/robust "$@" && [ -x "$build/tests/pty/robust" ] && one pty/robust "$build/tests/pty/robust"
for test in tests/server/test_*.py; do
    [ -e "$test" ] && wanted "$test" "$@" && one "${test#tests/}" python3 "$test"
done
[ $skipped -gt 0 ] && echo "$skipped skipped"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ]
