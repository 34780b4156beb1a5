// Reads what pytest prints, with -q and in every style of traceback.

import { countBefore, failureOf, type PrintedFailure, type TestReading } from "./reading.ts";

const lastLine =
	/^=* ?(?:(?:\d+ (?:passed|failed|skipped|errors?|xfailed|xpassed|deselected|warnings?|rerun)(?:, )?)+|no tests ran) in [\d.]+s/;

export function readPytest(lines: readonly string[], testFiles: readonly string[]): TestReading | undefined {
	const summary = lines.findLast((line) => lastLine.test(line));
	if (summary === undefined) return undefined;
	const files = lines.flatMap(
		(line) => /^(\S+\.py)(?:::\S+)? (?:[.FEsxX]+|PASSED|FAILED)/.exec(line)?.[1] ?? [],
	);
	const failures = lines.flatMap((line) => {
		const [, word, place = "", said = ""] = /^(FAILED|ERROR) (\S+(?:\[.*?\])?)(?: - (.*))?$/.exec(line) ?? [];
		if (word === undefined) return [];
		const name = place.split("::").slice(1).join("::");
		const printed = name === "" ? ofFile(lines, place, said) : ofTest(lines, place, name, said);
		return [failureOf(printed, testFiles)];
	});
	return {
		runner: "pytest",
		passed: countBefore(summary, "passed"),
		failed: countBefore(summary, "failed") + countBefore(summary, "errors?"),
		failures,
		...(files.length === 0 ? {} : { files }),
	};
}

/** The lines under a heading between underscores. */
function section(lines: readonly string[], title: (heading: string) => boolean): readonly string[] {
	const heading = /^_{2,} (.+?) _{2,}$/;
	const at = lines.findIndex((line) => title(heading.exec(line)?.[1] ?? ""));
	if (at < 0) return [];
	const rest = lines.slice(at + 1);
	const end = rest.findIndex((line) => heading.test(line) || /^=+ .+ =+$/.test(line));
	return rest.slice(0, end < 0 ? undefined : end);
}

/** The innermost place stands last, and before what the exception says. */
function placesOf(body: readonly string[]): readonly string[] {
	return body
		.flatMap((line) => /^(?:E\s+File ")?(\S+\.py)"?(?::\d+:|, line)/.exec(line)?.[1] ?? [])
		.reverse();
}

function ofFile(lines: readonly string[], file: string, said: string): PrintedFailure {
	const body = section(lines, (heading) => heading.startsWith("ERROR collecting") && heading.endsWith(file));
	const words = body.filter((line) => /^E\s/.test(line)).map((line) => line.slice(1).trim());
	return {
		name: file,
		message: said || (words.at(-1) ?? "it could not be collected"),
		frames: [],
		atLoad: true,
	};
}

function ofTest(lines: readonly string[], place: string, name: string, said: string): PrintedFailure {
	const short = name.replaceAll("::", ".");
	const body = section(lines, (heading) => heading.replace(/^ERROR at \w+ of /, "") === short);
	const [first = ""] = body.filter((line) => /^E\s/.test(line)).map((line) => line.slice(1).trim());
	const type = body
		.map((line) => /^\S+\.py:\d+: (\w+)$/.exec(line)?.[1])
		.findLast((one) => one !== undefined);
	const text = said || first;
	// The summary cuts a long text, and pytest leaves the name of an assertion's error out.
	const message = type !== undefined && !text.includes(type) ? `${type}: ${text}` : text;
	return { name: `${place.split("::")[0]}::${name}`, message, frames: placesOf(body) };
}
