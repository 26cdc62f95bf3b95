// node validate.mjs PACKAGES FILE: compares the objects of a YAML file with the schemas of kubernetes-models (required
// fields, types, enumerations, formats). Says what is wrong and ends with code 1, or how many objects there are.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , packages, file] = process.argv;
const require = createRequire(`${packages}/`);
const addOns = {
  "monitoring.coreos.com": "@kubernetes-models/prometheus-operator",
  "cert-manager.io": "@kubernetes-models/cert-manager",
  "keda.sh": "@kubernetes-models/keda",
};
const objects = require("js-yaml").loadAll(readFileSync(file, "utf8"));
for (const object of objects) {
  try {
    const addOn = addOns[object.apiVersion.split("/")[0]];
    const models = addOn // which has modules that 'require' does not find
      ? await import(pathToFileURL(`${packages}/node_modules/${addOn}/${object.apiVersion}/${object.kind}.js`))
      : require(`kubernetes-models/${object.apiVersion}/${object.kind}`);
    new models[object.kind](object).validate();
  } catch (error) {
    console.log(`${object.kind} ${object.metadata?.name}: ${error.message}`);
    process.exitCode = 1;
  }
}
console.log(`${objects.length} objects`);
