// Reads what mocha prints at its end (the spec, dot and list reporters end alike).

import { failureOf, firstWords, type PrintedFailure, stackFrames, type TestReading } from "./reading.ts";

export function readMocha(lines: readonly string[], testFiles: readonly string[]): TestReading | undefined {
	const end = lines.findLastIndex((line) => /^\s+\d+ passing \(/.test(line));
	const isEmpty = lines.some((line) => /^Error: No test files found/.test(line));
	const broken = lines.findIndex((line) => /^\s*Exception during run:/.test(line));
	if (end < 0 && !isEmpty && broken < 0) return undefined;
	const rest = end < 0 ? [] : lines.slice(end);
	const number = (word: string) =>
		Number(rest.map((line) => new RegExp(`^\\s+(\\d+) ${word}\\b`).exec(line)?.[1]).find(Boolean) ?? 0);
	const printed =
		broken < 0
			? blocks(rest)
			: [{ name: "the file", message: firstWords(lines.slice(broken)), frames: [], atLoad: true }];
	return {
		runner: "mocha",
		passed: number("passing"),
		failed: number("failing"),
		failures: printed.map((one) => failureOf(one, testFiles)),
	};
}

/** `1) suite` and its tests, a line each and deeper each, the last with a colon; then the error. */
function blocks(lines: readonly string[]): readonly PrintedFailure[] {
	const starts = lines.flatMap((line, index) => (/^ {2}\d+\) /.test(line) ? [index] : []));
	return starts.map((start, place) => {
		const body = lines.slice(start, starts[place + 1]);
		const colon = Math.max(
			0,
			body.findIndex((line) => line.trimEnd().endsWith(":")),
		);
		const name = body
			.slice(0, colon + 1)
			.map((line) => line.trim())
			.join(" > ")
			.replace(/^\d+\) /, "")
			.replace(/:$/, "");
		const rest = body.slice(colon + 1);
		return { name, message: firstWords(rest), frames: stackFrames(rest) };
	});
}
