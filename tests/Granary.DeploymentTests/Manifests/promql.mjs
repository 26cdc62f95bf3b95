// node promql.mjs PACKAGES FILE: parses the lines of a file as PromQL, by Prometheus' own grammar. Says which are none and
// ends with code 1, or how many lines there are.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [, , packages, file] = process.argv;
const require = createRequire(`${packages}/`);
const { parser } = await import(pathToFileURL(require.resolve("@prometheus-io/lezer-promql")));
const lines = readFileSync(file, "utf8").trimEnd().split("\n");
for (const line of lines) {
  parser.parse(line).iterate({
    enter: (node) => {
      if (node.type.isError) {
        console.log(`Column ${node.from + 1}: ${line}`);
        process.exitCode = 1;
      }
    },
  });
}
console.log(`${lines.length} expressions`);
