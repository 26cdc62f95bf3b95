// node validate.mjs PACKAGES FILE: compares the objects of a YAML file with the schemas of kubernetes-models (required
// fields, types, enumerations, formats). Says what is wrong and ends with code 1, or how many objects there are.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const [, , packages, file] = process.argv;
const require = createRequire(`${packages}/`);
const objects = require("js-yaml").loadAll(readFileSync(file, "utf8"));
for (const object of objects) {
  try {
    const Model = require(`kubernetes-models/${object.apiVersion}/${object.kind}`)[object.kind];
    new Model(object).validate();
  } catch (error) {
    console.log(`${object.kind} ${object.metadata?.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
console.log(`${objects.length} objects`);
