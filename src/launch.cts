/**
 * Starts the bundle with the code that V8 compiled for it at build time: a quarter less time to the first answer.
 * V8 itself refuses what another version of it has compiled, and then compiles anew.
 */
import fs = require("node:fs");
import path = require("node:path");
import v8 = require("node:v8");
import vm = require("node:vm");

/**
 * Between two collections the heap grows by two fifths at most, and not to four times what lives: a guest beside an
 * editor stays small (a search with 100,000 matches, many times: 150 MB instead of 240). Before anything is compiled,
 * since V8 takes compiled code only with the flags it was made with.
 */
v8.setFlagsFromString("--heap-growing-percent=40");

const bundle = path.join(__dirname, "bundle.js");
const compiled = path.join(__dirname, "bundle.cache");

function read(file: string): Buffer | undefined {
	try {
		return fs.readFileSync(file);
	} catch {
		return undefined;
	}
}

const cachedData = read(compiled);
const script = new vm.Script(fs.readFileSync(bundle, "latin1"), {
	filename: bundle,
	...(cachedData === undefined ? {} : { cachedData }),
});
// Set by scripts/build.mjs alone: keeps what one session has compiled.
if (process.env.PROD_DEBUGGER_KEEP_COMPILED === "1" && cachedData === undefined) {
	process.once("exit", () => fs.writeFileSync(compiled, script.createCachedData()));
}
script.runInThisContext()(require, bundle, (name: string) => import(name));
