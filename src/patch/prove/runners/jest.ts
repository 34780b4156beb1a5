// Reads what jest prints (its default reporter).

import {
	countBefore,
	failureOf,
	firstWords,
	type PrintedFailure,
	stackFrames,
	type TestReading,
} from "./reading.ts";

export function readJest(lines: readonly string[], testFiles: readonly string[]): TestReading | undefined {
	const summary = lines.findLast((line) => /^Tests:\s+\d+/.test(line));
	const isEmpty = lines.some((line) => /^No tests found, exiting/.test(line));
	if (summary === undefined && !isEmpty) return undefined;
	const files = lines.flatMap((line) => {
		const found = /^(?:PASS|FAIL)\s+(?:\S+\s+)?(\S+?)(?:\s+\([\d.]+ m?s\))?$/.exec(line);
		return found?.[1] === undefined ? [] : [found[1]];
	});
	return {
		runner: "jest",
		passed: countBefore(summary ?? "", "passed"),
		failed: countBefore(summary ?? "", "failed"),
		failures: blocks(lines).map((printed) => failureOf(printed, testFiles)),
		...(files.length === 0 ? {} : { files }),
	};
}

/** Each failure stands under `●`; those of many suites are repeated at the end. */
function blocks(lines: readonly string[]): readonly PrintedFailure[] {
	const found = new Map<string, PrintedFailure>();
	for (const [index, line] of lines.entries()) {
		const name = /^\s*● (\S.*)$/.exec(line)?.[1]?.trim();
		if (name === undefined || /^Console$|^Validation/.test(name) || found.has(name)) continue;
		const rest = lines.slice(index + 1);
		const end = rest.findIndex((one) => /^\s*● \S|^Test Suites:|^(PASS|FAIL)\s/.test(one));
		const body = rest.slice(0, end < 0 ? undefined : end);
		const atLoad = name === "Test suite failed to run";
		const detail = body.findIndex((one) => one.trim() === "Details:");
		const message = firstWords(detail < 0 ? body : body.slice(detail + 1));
		found.set(name, { name, message, frames: stackFrames(body), atLoad });
	}
	return [...found.values()];
}
