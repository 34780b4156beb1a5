// Reads what go test prints. A passing package names its tests with -v only.

import { failureOf, type PrintedFailure, type TestReading } from "./reading.ts";

export function readGoTest(lines: readonly string[], testFiles: readonly string[]): TestReading | undefined {
	const packages = lines.filter((line) => /^(ok|FAIL|\?)\s+\S+\s+(\S+s\b|\(cached\)|\[)/.test(line));
	if (packages.length === 0) return undefined;
	const count = (word: string) => lines.filter((line) => new RegExp(`^\\s*--- ${word}: `).test(line)).length;
	const fine = packages.filter((line) => /^ok\s/.test(line) && !line.includes("[no tests to run]")).length;
	const broken = packages.filter((line) => /\[(build|setup) failed\]/.test(line));
	const said = lines.filter((line) => /^\S+\.go:\d+:\d+: /.test(line));
	const failures = [
		...broken.map((line): PrintedFailure => {
			const name = line.split(/\s+/)[1] ?? "";
			return { name, message: said[0] ?? "it does not compile", frames: [], atLoad: true };
		}),
		...testsThatFailed(lines),
	];
	return {
		runner: "go test",
		passed: Math.max(fine, count("PASS")),
		failed: count("FAIL"),
		failures: failures.map((printed) => failureOf(printed, testFiles)),
	};
}

function testsThatFailed(lines: readonly string[]): readonly PrintedFailure[] {
	return lines.flatMap((line, index) => {
		const name = /^\s*--- FAIL: (\S+) /.exec(line)?.[1];
		if (name === undefined) return [];
		const rest = lines.slice(index + 1);
		const end = rest.findIndex((one) => /^\s*--- |^(FAIL|ok|PASS)\b/.test(one));
		const body = rest.slice(0, end < 0 ? undefined : end);
		const panic = body.find((one) => /^panic: /.test(one));
		const frames = body.flatMap((one) => {
			const path = /^\s+(\/\S+\.go):\d+/.exec(one)?.[1];
			return path === undefined || /\/src\/(runtime|testing)\//.test(path) ? [] : [path];
		});
		if (panic !== undefined) return [{ name, message: panic, frames }];
		// What t.Error and t.Fatal say stands behind the place in the test.
		const [text = ""] = body.flatMap((one) => /^\s+\S+_test\.go:\d+: (.*)$/.exec(one)?.[1] ?? []);
		return [{ name, message: `Assertion failed: ${text}`, frames }];
	});
}
