#!/bin/sh
# Plays tests/screens/tour.script and puts its captures into README.md and docs/tour.md: the lines between ``` after a line
# <!-- capture NAME --> are replaced.
set -eu
build=${BUILD:-build}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
TERO_CAPTURES=$folder BUILD=$build "$build/tests/pty/screens" tests/screens/tour.script | grep '^not ok' && exit 1
for file in README.md docs/tour.md; do
    awk -v folder="$folder" '
        /^<!-- capture / { name = $3 }
        /^```/ && name { print; while ((getline line < (folder "/" name)) > 0) print line; name = ""; skip = 1; next }
        /^```/ { skip = 0 }
        !skip { print }' "$file" >"$folder/new"
    cat "$folder/new" >"$file"
done
