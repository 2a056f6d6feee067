// Reads a grammar and texts, {grammar, texts}, as JSON from the first argument; prints the texts that llama.cpp refuses
// under it, as JSON. Run it in the folder where node-llama-cpp is installed.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const require = createRequire(pathToFileURL(process.cwd() + "/"));
const { getLlama, LlamaGrammar } = await import(pathToFileURL(require.resolve("node-llama-cpp")));
const llama = await getLlama({ gpu: false, build: "never", skipDownload: true, logLevel: "error" });
const { grammar, texts } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const read = new LlamaGrammar(llama, { grammar });
console.log(JSON.stringify(texts.filter((text) => !read._testText(text))));
process.exit(0); // its threads do not end by themselves
