// The names that our contract shares with Tero's public API.
// usage: node names.mjs check OURS LIST          every name of the list is in OURS, with its type
//        node names.mjs compare OURS LIST TERO   and the list is whole; what differs is in differences.txt, with its reason
//        node names.mjs write OURS LIST TERO     writes the list
// A line of the list: "Type.field: Type", "Type.field(argument): Type = default", "Input.field: Type", "Enum.value".
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(path.join(process.cwd(), "build/graphql/_.js"));
const { buildSchema, isEnumType, isInputObjectType, isObjectType } = require("graphql");
const [mode, oursFile, listFile, teroFile] = process.argv.slice(2);
const differencesFile = path.join(path.dirname(listFile), "differences.txt");

const standard = (x) => (x.defaultValue === undefined ? "" : ` = ${JSON.stringify(x.defaultValue)}`);

function names(schema) {
  const lines = new Map();
  for (const type of Object.values(schema.getTypeMap())) {
    if (type.name.startsWith("__")) continue;
    if (isEnumType(type)) for (const v of type.getValues()) lines.set(`${type.name}.${v.name}`, "");
    if (!isObjectType(type) && !isInputObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) {
      lines.set(`${type.name}.${field.name}`, `: ${field.type}${standard(field)}`);
      for (const arg of field.args ?? []) lines.set(`${type.name}.${field.name}(${arg.name})`, `: ${arg.type}${standard(arg)}`);
    }
  }
  return lines;
}

const read = (file) => readFileSync(file, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
const own = buildSchema(readFileSync(oursFile, "utf8"));
const ours = names(own);
const problems = [];

if (mode === "check") {
  for (const line of read(listFile)) {
    const name = line.replace(/: .*/, "");
    if (!ours.has(name)) problems.push(`${line}: gone`);
    else if (name + ours.get(name) !== line) problems.push(`${line}: is ${name}${ours.get(name)} now`);
  }
} else {
  const theirs = names(buildSchema(readFileSync(teroFile, "utf8")));
  const accepted = new Set(read(differencesFile).map((line) => line.replace(/ .*/, "")));
  const used = new Set();
  const shared = [];
  const differs = (name, why) => {
    const covers = (a) => (a.endsWith("*") ? name.startsWith(a.slice(0, -1)) : a === name || name.startsWith(`${a}(`));
    const found = [...accepted].filter(covers);
    for (const a of found) used.add(a);
    if (found.length) return;
    problems.push(`${name}: ${why}`);
  };
  for (const [name, type] of theirs) {
    const mine = ours.get(name);
    if (mine === type) shared.push(name + type);
    else if (mine !== undefined) differs(name, `is${mine} here, ${type} there`);
    else if (own.getType(name.replace(/\..*/, ""))) differs(name, "of a type that we have, is missing here");
  }
  for (const [name] of ours)
    if (name.includes("(") && theirs.has(name.replace(/\(.*/, "")) && !theirs.has(name)) {
      const type = ours.get(name);
      if (type.endsWith("!")) problems.push(`${name}: an argument of ours that must be given`);
    }
  for (const line of accepted) if (!used.has(line)) problems.push(`${differencesFile}: ${line}: no difference any more`);
  const text = `${shared.sort().join("\n")}\n`;
  if (mode === "write") writeFileSync(listFile, text);
  else if (text !== readFileSync(listFile, "utf8")) problems.push(`${listFile}: not the names that both have; names.mjs write makes it`);
}
for (const problem of problems) console.log(`FAILED ${problem}`);
process.exit(problems.length ? 1 : 0);
