// The contract under a second pair of eyes: graphql-js builds the schema, validates every document that the console
// sends, and reads the introspection answer of a running server. `make graphql-test` installs graphql below build/.
// usage: node check.mjs SCHEMA OPERATIONS_FOLDER [INTROSPECTION_JSON]
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.join(process.cwd(), "build/graphql/_.js"));
const { buildSchema, buildClientSchema, parse, validate, printSchema, lexicographicSortSchema } = require("graphql");
const [schemaFile, folder, introspectionFile] = process.argv.slice(2);
let passed = 0;
let failed = 0;

function check(name, problems) {
  if (problems.length) failed++;
  else passed++;
  for (const problem of problems) console.log(`FAILED ${name}: ${problem}`);
}

const schema = buildSchema(readFileSync(schemaFile, "utf8"));
check(schemaFile, []);
for (const file of readdirSync(folder).filter((f) => f.endsWith(".graphql"))) {
  const document = parse(readFileSync(path.join(folder, file), "utf8"));
  check(file, validate(schema, document).map((e) => e.message));
  check(`${file}: one operation, named as the file`, document.definitions[0].name?.value === path.basename(file, ".graphql") ? [] : ["other name"]);
}
if (introspectionFile) {
  const answer = JSON.parse(readFileSync(introspectionFile, "utf8"));
  const seen = printSchema(lexicographicSortSchema(buildClientSchema(answer.data)));
  const written = printSchema(lexicographicSortSchema(schema));
  check("introspection tells the same schema", seen === written ? [] : ["it differs from the file"]);
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
