// Reads what vitest prints (its default reporter, versions 1 to 4).

import {
	countBefore,
	failureOf,
	firstWords,
	type PrintedFailure,
	stackFrames,
	type TestReading,
} from "./reading.ts";

export function readVitest(lines: readonly string[], testFiles: readonly string[]): TestReading | undefined {
	const summary = lines.findLast((line) => /^\s+Tests\s+(\d+ \w|no tests)/.test(line));
	const began = lines.some((line) => /^\s*(RUN|DEV)\s+v\d/.test(line));
	const isEmpty = lines.some((line) => /^\s*No test files found/.test(line));
	if (!began || (summary === undefined && !isEmpty)) return undefined;
	const failures = blocks(lines).map((printed) => failureOf(printed, testFiles));
	const files = lines.flatMap((line) => {
		// Skipped files (↓) did not run.
		const found = /^\s*[✓❯×✗]\s+(?:\|[^|]+\|\s+)?(\S.*?)\s+\(\d+ tests?\b/.exec(line);
		return found?.[1] === undefined ? [] : [found[1]];
	});
	return {
		runner: "vitest",
		passed: countBefore(summary ?? "", "passed"),
		failed: countBefore(summary ?? "", "failed"),
		failures,
		...(files.length === 0 ? {} : { files }),
	};
}

/** Headers that follow each other share one error. */
function blocks(lines: readonly string[]): readonly PrintedFailure[] {
	const found: PrintedFailure[] = [];
	let names: string[] = [];
	let body: string[] = [];
	const close = () => {
		const atLoad = names.some((name) => !name.includes(" > "));
		const message = firstWords(body);
		for (const name of names) found.push({ name: name.trim(), message, frames: stackFrames(body), atLoad });
		[names, body] = [[], []];
	};
	for (const line of lines) {
		const name = /^\s*FAIL\s{2}(\S.*)$/.exec(line)?.[1];
		if (name !== undefined) {
			if (body.length > 0) close();
			names.push(name);
		} else if (/^⎯/.test(line)) close();
		else if (names.length > 0) body.push(line);
	}
	close();
	return found;
}
