#!/bin/sh
# Format, direction of includes, file lengths, cppcheck, clang-tidy. Prints what is wrong; status 1 where anything is.
set -u
build=${BUILD:-build}
TERO_DEPS=all sh packaging/deps.sh || exit 1
bad=0
sources=$(find base policy control-plane api-client tui secrets screens console tests -name '*.c' | sort)
headers=$(find base policy control-plane api-client tui secrets screens console tests -name '*.h' | sort)

echo "format"
# shellcheck disable=SC2086
clang-format --dry-run -Werror $sources $headers || bad=1

echo "includes"
sh tests/lint/includes.sh || bad=1

echo "lengths"
for file in $sources $headers; do
    lines=$(wc -l <"$file")
    [ "$lines" -gt 1000 ] && echo "$file: $lines lines, at most 1000" && bad=1
done

echo "cppcheck"
# shellcheck disable=SC2086
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c17 -j2 --enable=warning,portability -I. -D_GNU_SOURCE \
    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches --suppress=syntaxError:tests/* \
    $(echo "$sources" | grep -v '^tests/') || bad=1

echo "clang-tidy"
flags="-std=gnu17 -I. -I$build/gen -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64"
mkdir -p "$build"
echo "$sources" | grep -v '^tests/' | xargs -P2 -n1 sh -c 'clang-tidy --quiet "$@" -- '"$flags"' 2>/dev/null' sh >"$build/clang-tidy.log" || bad=1
cat "$build/clang-tidy.log"
[ $bad -eq 0 ] && echo "lint: clean"
exit $bad
