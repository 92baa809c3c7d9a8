#!/bin/sh
# With Tero's own schema at hand: the shared names are whole, and each document of the console, cut to what that schema
# offers, is valid there. usage: hosted.sh OURS TERO FOLDER. Called by run.sh.
set -eu
build=${BUILD:-build}
ours=$1 tero=$2 folder=$3
node tests/graphql/names.mjs compare "$ours" tests/graphql/shared-names.txt "$tero"
node tests/graphql/learn.mjs "$tero" api-client/operations/LearnSchema.graphql >"$folder/learned.json"
mkdir "$folder/cut"
${CC:-cc} -I. -o "$folder/filter" tests/graphql/filter.c "$build/lib/api-client.a" "$build/lib/base.a" -ljansson -lm -lpthread
"$folder/filter" "$folder/learned.json" "$folder/cut"
# What has no counterpart there at all; everything else must be left in some form.
(cd api-client/operations && ls *.graphql) >"$folder/all"
(cd "$folder/cut" && ls *.graphql) >"$folder/kept"
comm -23 "$folder/all" "$folder/kept" >"$folder/gone"
grep -v '^#' tests/graphql/own-operations.txt | sort | diff - "$folder/gone"
node tests/graphql/check.mjs "$tero" "$folder/cut"
mkdir "$folder/home"
node tests/graphql/hosted.mjs "$tero" "$build/tero-console" "$folder/home"
