// Reads statements as JSON, [{dialect, name, sql}], from the first argument; prints those that a grammar refuses, as JSON.
// Run it in the folder where dt-sql-parser is installed.
import { readFileSync } from "node:fs";
import { createRequire, register } from "node:module";
import { pathToFileURL } from "node:url";

// The package imports its own files as bundlers find them: without an ending, or by the folder.
register("data:text/javascript," + encodeURIComponent(`
export async function resolve(name, context, next) {
    for (const ending of ["", ".js", "/index.js"]) {
        try { return await next(name + ending, context); } catch (error) { if (ending === "/index.js") throw error; }
    }
}`));

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { MySQL, PostgreSQL, SparkSQL, TrinoSQL } = await import(pathToFileURL(require.resolve("dt-sql-parser")));
const grammars = {
    databricks: new SparkSQL(), mysql: new MySQL(), postgres: new PostgreSQL(), spark: new SparkSQL(), trino: new TrinoSQL(),
};

const refused = [];
for (const { dialect, name, sql } of JSON.parse(readFileSync(process.argv[2], "utf8"))) {
    const [error] = grammars[dialect].validate(sql + ";");
    if (error) refused.push({ dialect, name, sql, line: error.startLine, message: error.message });
}
console.log(JSON.stringify(refused));
