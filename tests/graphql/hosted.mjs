// A control plane that offers Tero's own schema and nothing else, with made-up values; runs the console's commands
// against it. After a command has learned what is offered, nothing that it sends may be refused, and it must succeed.
// usage: node hosted.mjs SCHEMA CONSOLE DATA_FOLDER
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.join(process.cwd(), "build/graphql/_.js"));
const { buildSchema, isEnumType, isListType, isNonNullType, isObjectType, parse, validate, execute } = require("graphql");
const [schemaFile, program, folder] = process.argv.slice(2);
const schema = buildSchema(readFileSync(schemaFile, "utf8"));

const scalars = {
  ID: () => "11111111-2222-4333-8444-555555555555",
  UUID: () => "11111111-2222-4333-8444-555555555555",
  String: () => "text",
  Int: () => 1,
  Float: () => 1.5,
  Boolean: () => true,
  Time: () => new Date().toISOString(),
  Cursor: () => "c",
  Map: () => ({}),
  JSON: () => ({}),
};

function made(type) {
  if (isNonNullType(type)) return made(type.ofType);
  if (isListType(type)) return [made(type.ofType)];
  if (isEnumType(type)) return type.getValues()[0].value;
  return isObjectType(type) ? {} : (scalars[type.name] ?? scalars.String)();
}

function resolve(source, args, context, info) {
  if (info.fieldName === "totalCount") return 1;
  if (/^has(Next|Previous)Page$/.test(info.fieldName)) return false;
  return made(info.returnType);
}

let learned = false;
let refusals = [];

function answer(request) {
  const asks = request.query.includes("__schema");
  if (asks) learned = true;
  let document;
  let errors = [];
  try {
    document = parse(request.query);
    errors = validate(schema, document);
  } catch (error) {
    errors = [error];
  }
  if (!errors.length) {
    const result = execute({ schema, document, variableValues: request.variables ?? {}, fieldResolver: asks ? undefined : resolve });
    if (!result.errors) return result;
    errors = result.errors;
  }
  if (learned) refusals.push(...errors.map((e) => `${request.operationName ?? request.query.slice(0, 60)}: ${e.message}`));
  return { errors: errors.map((e) => ({ message: e.message, extensions: { code: "GRAPHQL_VALIDATION_FAILED" } })) };
}

const server = http.createServer((request, reply) => {
  const parts = [];
  request.on("data", (part) => parts.push(part));
  request.on("end", () => {
    const text = JSON.stringify(answer(JSON.parse(Buffer.concat(parts).toString() || "{}")));
    reply.writeHead(200, { "Content-Type": "application/json" });
    reply.end(text);
  });
});

function run(words) {
  learned = false;
  refusals = [];
  const home = { HOME: folder, XDG_CONFIG_HOME: `${folder}/config`, XDG_STATE_HOME: `${folder}/state` };
  const options = ["--endpoint", `http://127.0.0.1:${server.address().port}`, "--output", "json"];
  const child = spawn(program, [...options, ...words], { env: { PATH: process.env.PATH, TERO_API_TOKEN: "x", LANG: "C.UTF-8", ...home } });
  let told = "";
  let out = "";
  child.stderr.on("data", (part) => (told += part));
  child.stdout.on("data", (part) => (out += part));
  return new Promise((done) => child.on("close", (code) => done({ code, told, out, refusals: [...refusals] })));
}

const id = scalars.ID();
const commands = [
  ["status"],
  ...["issues", "checks", "policies", "services", "events", "edges", "edge-keys"].flatMap((list) => [[list], [list, id]]),
  ["issues", "severity:high", "stage:open", "domain:cost", "saving:>100", "cost:<=5", "proposal:yes"],
  ["events", "payment", "service:api*", "severity:debug,info", "rate:>1"],
  ["services", "api", "enabled:yes"],
  ["checks", "debug"],
  ["edges", "web", "version:1*"],
];

await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
// What only our own control planes offer is said so, before anything is sent.
const own = [["policies", "--sort", "name"], ["services", "--sort", "events"], ["events", "cost:>100"], ["edges", "sync:behind"], ["policies", "state:active"]];
let failed = 0;
for (const words of own) {
  const { code, told, refusals: bad } = await run(words);
  if (code === 1 && !bad.length && told.includes("not offered by this control plane")) continue;
  failed++;
  console.log(`FAILED tero-console ${words.join(" ")}: status ${code}; ${told.trim()}; refused: ${bad.join(" | ")}`);
}
for (const words of commands) {
  const { code, told, out, refusals: bad } = await run(words);
  const wrong = code !== 0 || bad.length || !out.trim();
  if (wrong) failed++;
  if (wrong) console.log(`FAILED tero-console ${words.join(" ")}: status ${code}; ${told.trim()}; refused: ${bad.join(" | ")}`);
}
server.close();
console.log(`${commands.length + own.length - failed} commands good, ${failed} failed`);
process.exit(failed ? 1 : 0);
