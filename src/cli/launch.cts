// Starts the bundle with its precompiled code.

/**
 * Starts the bundle with the code that V8 compiled for it at build time: a quarter less time to the first answer.
 * V8 itself refuses what another version of it has compiled, and then compiles anew.
 */
import fs = require("node:fs");
import path = require("node:path");
import v8 = require("node:v8");
import vm = require("node:vm");

const bundle = path.join(__dirname, "bundle.js");
const compiled = path.join(__dirname, "bundle.cache");
/** By then every host has its list of tools. */
const startMs = 1000;

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
script.runInThisContext()(require, bundle, (name: string) => import(name));

if (process.env.PROD_DEBUGGER_KEEP_COMPILED === "1" && cachedData === undefined) {
	// Set by scripts/build.ts alone: keeps what one session has compiled.
	process.once("exit", () => fs.writeFileSync(compiled, script.createCachedData()));
} else {
	/*
	 * Between two collections the heap grows by two fifths at most, and not to four times what lives: a guest beside an
	 * editor stays small (a search with 100,000 matches, many times: 150 MB instead of 240). After the start, which has
	 * little to collect; and not where code is kept, since V8 takes it only with the flags it was made with.
	 */
	setTimeout(() => v8.setFlagsFromString("--heap-growing-percent=40"), startMs).unref();
}
