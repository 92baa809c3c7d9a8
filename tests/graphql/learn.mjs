// What a client learns of a schema: the answer of a document on standard output. usage: node learn.mjs SCHEMA DOCUMENT
import { readFileSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.join(process.cwd(), "build/graphql/_.js"));
const { buildSchema, graphqlSync } = require("graphql");
const [schema, document] = process.argv.slice(2).map((file) => readFileSync(file, "utf8"));
process.stdout.write(JSON.stringify(graphqlSync({ schema: buildSchema(schema), source: document })));
