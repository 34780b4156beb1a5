// Reads what node:test prints: TAP and the spec reporter, of `node --test` and of a file that is run alone.

import {
	failureOf,
	firstWords,
	isSameFile,
	type PrintedFailure,
	stackFrames,
	type TestReading,
} from "./reading.ts";

export function readNodeTest(
	lines: readonly string[],
	testFiles: readonly string[],
): TestReading | undefined {
	const number = (word: string) => {
		const pattern = new RegExp(`^[#ℹ] ${word} (\\d+)$`);
		const found = lines.map((line) => pattern.exec(line)?.[1]).findLast((one) => one !== undefined);
		return found === undefined ? undefined : Number(found);
	};
	const [passed, failed] = [number("pass"), number("fail")];
	if (lines.some((line) => /^Could not find '/.test(line)))
		return { runner: "node:test", passed: 0, failed: 0, failures: [] };
	if (passed === undefined || failed === undefined) return undefined;
	const printed = lines.some((line) => /^TAP version/.test(line)) ? ofTap(lines) : ofSpec(lines);
	return {
		runner: "node:test",
		passed,
		failed: failed + (number("cancelled") ?? 0),
		failures: printed.map((one) => failureOf(ofFile(one, lines, testFiles), testFiles)),
	};
}

/** A file that ended before its first test stands for it, and its own output says why. */
function ofFile(
	printed: PrintedFailure,
	lines: readonly string[],
	testFiles: readonly string[],
): PrintedFailure {
	if (!testFiles.some((file) => isSameFile(printed.name, file))) return printed;
	const own = lines.map((line) => line.replace(/^# ?/, ""));
	const at = own.findIndex((line) => /^\s*(\w*Error)\b.*/.test(line));
	if (at < 0) return { ...printed, message: "it ended before a test began", atLoad: true };
	return { ...printed, message: firstWords(own.slice(at), 1), frames: stackFrames(own.slice(at)) };
}

function ofTap(lines: readonly string[]): readonly PrintedFailure[] {
	const found: PrintedFailure[] = [];
	for (const [index, line] of lines.entries()) {
		const [, indent = "", name] = /^( *)not ok \d+ - (.*)$/.exec(line) ?? [];
		if (name === undefined || / # (SKIP|TODO)/.test(name)) continue;
		const rest = lines.slice(index + 1);
		const body = rest.slice(0, Math.max(0, rest.indexOf(`${indent}  ...`)));
		if (body.some((one) => /^\s+failureType: 'subtestsFailed'/.test(one))) continue;
		const value = (key: string) => {
			const at = body.findIndex((one) => one.startsWith(`${indent}  ${key}: `));
			const text = body[at]?.slice(indent.length + key.length + 4) ?? "";
			if (!/^\|-?$/.test(text)) return [text.replace(/^(['"])(.*)\1$/, "$2")];
			const block = body.slice(at + 1);
			const until = block.findIndex((one) => one.trim() !== "" && !one.startsWith(`${indent}    `));
			return block.slice(0, until < 0 ? undefined : until);
		};
		const type = value("code").join("") === "ERR_ASSERTION" ? "AssertionError" : value("name").join("");
		const message = firstWords([`${type === "" ? "" : `${type}: `}${firstWords(value("error"), 3)}`]);
		const frames = value("stack").flatMap((one) => /((?:file:\/\/)?[^\s()]+):\d+:\d+/.exec(one)?.[1] ?? []);
		found.push({ name, message, frames });
	}
	return found;
}

/** Below `failing tests:` each failure stands once, with its error. */
function ofSpec(lines: readonly string[]): readonly PrintedFailure[] {
	const at = lines.findLastIndex((line) => /^✖ failing tests:/.test(line));
	const rest = at < 0 ? [] : lines.slice(at + 1);
	const starts = rest.flatMap((line, index) => (/^✖ /.test(line) ? [index] : []));
	return starts.map((start, place) => {
		const name = (rest[start] ?? "").slice(2).replace(/ \([\d.]+ms\)$/, "");
		const body = rest.slice(start + 1, starts[place + 1]);
		return { name, message: firstWords(body), frames: stackFrames(body) };
	});
}
