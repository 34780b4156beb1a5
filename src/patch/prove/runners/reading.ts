// What a run of tests printed, read: which tests ran, which failed, and how.

/**
 * How a test failed. `assertion`: it found another value than it wanted. `program`: the code that it tests threw.
 * `test`: its own lines threw, or it is not known what did. `load`: it did not begin, since something does not compile or
 * is not there.
 */
export type FailureKind = "assertion" | "program" | "test" | "load";

export interface TestFailure {
	/** The test, or the file where none began. */
	readonly name: string;
	readonly message: string;
	readonly kind: FailureKind;
}

export interface TestReading {
	readonly runner: string;
	readonly passed: number;
	readonly failed: number;
	readonly failures: readonly TestFailure[];
	/** The files that it names as run; undefined where it names none. */
	readonly files?: readonly string[];
}

/** A failure as a runner prints it. */
export interface PrintedFailure {
	readonly name: string;
	readonly message: string;
	/** Files in the order of the stack, the innermost first. */
	readonly frames: readonly string[];
	/** No test began. */
	readonly atLoad?: boolean;
}

/** What assertion libraries throw, and what runners print of it. */
const assertion =
	/\bAssertionError\b|\bERR_ASSERTION\b|^(Assertion failed|AssertError|ExpectationError|TestingLibraryElementError)\b|\bexpect\(.*\)\.|^assert\b|^Failed: DID NOT RAISE|^Snapshot .* mismatched|^Error: Snapshot .* mismatched|^Error: expected .*, got /;

/** What is missing without the fix: a module, an export, a name, a parameter; or it does not compile. */
const missing =
	/Cannot find (module|package)|does not provide an export named|Failed to (resolve|load|parse)|\bNo module named\b|cannot import name|error TS\d+|(?<!JSON[^\n]*)\bSyntaxError\b(?![^\n]*JSON)|\bIndentationError\b|\bERR_MODULE_NOT_FOUND\b|\bRolldownError\b|Transform failed|No "\w+" export is defined|undefined: \w|\[(build|setup) failed\]/;

/** Not there where the test asks for it: told by the place, since the program may hold the same fault. */
const absent =
	/is not a (function|constructor)|is not defined|has no attribute|unexpected keyword argument|positional arguments?\b/;

/** @param testFiles below the root */
export function failureOf(printed: PrintedFailure, testFiles: readonly string[]): TestFailure {
	const { name, message } = printed;
	return { name, message, kind: kindOf(printed, testFiles) };
}

function kindOf({ message, frames, atLoad }: PrintedFailure, testFiles: readonly string[]): FailureKind {
	if (atLoad === true) return "load";
	if (assertion.test(message)) return "assertion";
	if (missing.test(message)) return "load";
	const place = frames.find(
		(frame) => !/node_modules|site-packages|^node:|^internal\/|^<|\/lib\/python/.test(frame),
	);
	if (place === undefined) return absent.test(message) ? "load" : "test";
	const isOwn = testFiles.some((file) => isSameFile(place, file));
	if (!isOwn) return "program";
	return absent.test(message) ? "load" : "test";
}

/** Whether a path as a runner prints it (absolute, as a URL, or below some folder) is that file. */
export function isSameFile(printed: string, file: string): boolean {
	const path = printed.replace(/^file:\/\//, "").replace(/^\.\//, "");
	return path === file || path.endsWith(`/${file}`) || (path !== "" && file.endsWith(`/${path}`));
}

/** Lines without colours and carriage returns. */
export function plainLines(output: string): readonly string[] {
	return output.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, "").split(/\r?\n/);
}

/** The number before a word, as in `2 failed`. */
export function countBefore(line: string, word: string): number {
	return Number(new RegExp(`(\\d+) ${word}\\b`).exec(line)?.[1] ?? 0);
}

/** The files of a JavaScript stack, from lines such as `at f (a.js:1:2)` and `❯ f a.js:1:2`. */
export function stackFrames(lines: readonly string[]): readonly string[] {
	return lines.flatMap((line) => {
		const found = /^\s*(?:at|❯)\s(?:.*[\s(])?((?:file:\/\/)?[^\s()]+):\d+:\d+\)?/.exec(line);
		return found?.[1] === undefined ? [] : [found[1]];
	});
}

/** The first lines that say something, joined, up to the code or the stack. */
export function firstWords(lines: readonly string[], most = 2): string {
	const said: string[] = [];
	for (const line of lines) {
		const text = line.trim();
		if (/^(at |❯ |\d+ ?\||> ?\d+ \||⎯)/.test(text) || said.length === most) break;
		if (text !== "") said.push(text);
	}
	return said.join(" ").slice(0, 300);
}
