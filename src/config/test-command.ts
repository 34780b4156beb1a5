// Reads the command that runs test files: words, one of which stands for the files, and no shell.

import { wrong } from "./settings.ts";

/** The word that stands for the files, each of which becomes an argument of its own. */
const filesWord = "{files}";

/** What only a shell would understand: outside of quotation marks it is refused, since no shell runs the command. */
const shellSigns = /[|&;<>()$`\\*?[\]#~!\n\r]/;

/** @throws {ConfigError} where it has no `{files}`, or needs a shell */
export function readTestCommand(value: string | undefined): readonly string[] | undefined {
	if (value === undefined) return undefined;
	const words = wordsOf(value.trim());
	const [program = filesWord] = words ?? [];
	const places = (words ?? []).filter((word) => word.includes(filesWord));
	const isUsable = places.length === 1 && places[0] === filesWord && !program.includes("=");
	if (words === undefined || program === filesWord || !isUsable) throw wrong("PROD_DEBUGGER_TEST", value);
	return words;
}

/** Words between blanks; quotation marks keep one together. @returns undefined for shell syntax */
function wordsOf(line: string): readonly string[] | undefined {
	const words: string[] = [];
	const pattern = /\s*((?:"[^"]*"|'[^']*'|[^\s"'])+)/gy;
	let end = 0;
	for (const match of line.matchAll(pattern)) {
		const [whole, word = ""] = match;
		if (shellSigns.test(word.replaceAll(/"[^"$`\\]*"|'[^']*'/g, ""))) return undefined;
		words.push(word.replaceAll(/"([^"]*)"|'([^']*)'/g, (_, double = "", single = "") => double + single));
		end = match.index + whole.length;
	}
	return line.slice(end).trim() === "" ? words : undefined;
}
