#!/bin/sh
# Needs node, npm and the npm registry; a check for developers, not part of `make test`.
set -eu
build=${BUILD:-build}
mkdir -p build/graphql
[ -d build/graphql/node_modules/graphql ] || npm install --silent --no-fund --no-audit --prefix build/graphql graphql@16 >/dev/null
data=$(mktemp -d "${TMPDIR:-/tmp}/tero-graphql-XXXXXX")
"$build/tero-control-plane" serve --data "$data" --listen 127.0.0.1:0 2>"$data/log" &
server=$!
trap 'kill $server; wait $server 2>/dev/null; rm -rf "$data"' EXIT
node -e 'const path = require("path"); const { getIntrospectionQuery } = require(path.resolve("build/graphql/node_modules/graphql"));
process.stdout.write(JSON.stringify({ query: getIntrospectionQuery({ descriptions: true, specifiedByUrl: true, directiveIsRepeatable: true, schemaDescription: true, inputValueDeprecation: true }) }))' >"$data/query.json"
curl -sS --retry 20 --retry-connrefused --retry-all-errors --retry-delay 0 --unix-socket "$data/control-plane.sock" -H 'Content-Type: application/json' \
    --data-binary @"$data/query.json" http://localhost/graphql >"$data/answer.json"
node tests/graphql/check.mjs control-plane/schema.graphql api-client/operations "$data/answer.json"
node tests/graphql/names.mjs check control-plane/schema.graphql tests/graphql/shared-names.txt
tero=${TERO_SHARED:-../shared}/reference/tero-current.graphql
if [ -f "$tero" ]; then sh tests/graphql/hosted.sh control-plane/schema.graphql "$tero" "$data"; else echo "Tero's own schema is not here: skipped"; fi
