// Renders a proposed patch as text.

import type { CheckOutcome, CheckRun, ProposedPatch, TouchedFile } from "../patch/index.ts";
import { shellQuoted } from "../system/index.ts";
import {
	fits,
	inertMarkdown,
	markedBlock,
	maskSecrets,
	quoteUntrusted,
	type SafeText,
	safeText,
	secretsOnly,
	visible,
	visibleLine,
} from "../text/index.ts";
import { describeTest, outputOf, whyNotRun } from "./proof-text.ts";

const maxNotes = 20;
const maxPathLength = 120;

/** A proposed patch as an agent reads it; the diff is shortened at a line where it would not fit. */
export function renderPatch(patch: ProposedPatch): SafeText {
	const lines = patch.diff.trimEnd().split("\n");
	let shown = lines.length;
	for (let text = render(patch, lines, shown); ; text = render(patch, lines, shown)) {
		if (fits(text) || shown === 0) return safeText(text, secretsOnly);
		shown = Math.floor(shown * 0.8);
	}
}

function render(patch: ProposedPatch, lines: readonly string[], shown: number): string {
	const { id, file, apply, files, notes, exact } = patch;
	const added = files.reduce((sum, one) => sum + one.added, 0);
	const removed = files.reduce((sum, one) => sum + one.removed, 0);
	return [
		`Patch ${id}: ${files.length} ${files.length === 1 ? "file" : "files"}, +${added} -${removed} lines. Nothing in the repository was changed.`,
		...files.map(describeFile),
		"",
		"Checked:",
		"- applies to the tree as it is now: yes (git apply, on copies; the result is what was asked for, byte for byte)",
		...describeSyntax(patch),
		...describeTest(patch.checks.test),
		...describeCheck(patch.checks.command),
		...notes.slice(0, maxNotes).map((note) => `- note: ${inertMarkdown(note.slice(0, 500))}`),
		...(notes.length > maxNotes ? [`- and ${notes.length - maxNotes} more notes like these`] : []),
		"",
		...describeDiff(lines, shown),
		...(exact ? [] : ["Above, the lines are in UTF-8; the files are not, and the kept file is exact."]),
		`Kept as patch://${id}, and in the file ${visibleLine(file)}. Show it to the user, who applies it with: ${visibleLine(apply)} ${visibleLine(shellQuoted(file))}`,
	].join("\n");
}

/** The diff as far as it is shown, and how that differs from the kept file. */
function describeDiff(lines: readonly string[], shown: number): readonly string[] {
	const exact = lines.slice(0, shown).join("\n");
	const raw = lines
		.slice(0, shown)
		.map((line) => (line.endsWith("\r") ? line.slice(0, -1) : line))
		.join("\n");
	const readable = maskSecrets(visible(raw));
	return [
		...(shown === 0 ? [] : [markedBlock("repository", readable), ""]),
		...(shown < lines.length
			? [`The diff is cut here after ${shown} of ${lines.length} lines; the file has all of it.`]
			: []),
		...(raw === exact ? [] : ["Lines that end with CRLF are shown without it; the file is exact."]),
		...(readable === raw
			? []
			: ["Above, secrets are masked and invisible characters made visible; the file is exact."]),
	];
}

/** The diff has the full path. */
function shortPath(path: string): string {
	return inertMarkdown(path.length > maxPathLength ? `…${path.slice(1 - maxPathLength)}` : path);
}

function describeFile({ path, change, added, removed, flags }: TouchedFile): string {
	const counts = `- ${shortPath(path)} (${change}, +${added} -${removed})`;
	return flags.length === 0 ? counts : `${counts}. LOOK TWICE: ${flags.join("; ")}`;
}

/** Upper bound of the syntax errors listed. */
const maxBroken = 10;

function describeSyntax({ checks: { syntax } }: ProposedPatch): readonly string[] {
	const { checked, unchecked, broken } = syntax;
	const listed = unchecked
		.slice(0, 5)
		.map(({ path, why }) => `${shortPath(path)} (${why === "language" ? "language not known" : "too large"})`)
		.join(", ");
	const rest = unchecked.length > 5 ? ` and ${unchecked.length - 5} more` : "";
	const others = unchecked.length === 0 ? "" : `; not checked: ${listed}${rest}`;
	const more = broken.length - maxBroken;
	if (checked.length === 0) return unchecked.length === 0 ? [] : [`- syntax${others.slice(1)}`];
	if (broken.length === 0) {
		return [
			`- no new syntax error: yes (${checked.length} ${checked.length === 1 ? "file" : "files"}${others})`,
		];
	}
	return [
		"- no new syntax error: NO. The patch breaks the syntax; fix it and propose again:",
		...broken.slice(0, maxBroken).map(({ path, line, column, kind, text }) => {
			const what = kind === "missing" ? "missing" : "unexpected";
			return `  - ${shortPath(path)}:${line}:${column}: ${what} ${quoteUntrusted(maskSecrets(text), 80)}`;
		}),
		...(more > 0 ? [`  - and ${more} more`] : []),
		...(others === "" ? [] : [`  - ${others.slice(2)}`]),
	];
}

function describeCheck(outcome: CheckOutcome): readonly string[] {
	switch (outcome.status) {
		case "not_set":
			return ["- the user's own check: none is set (PROD_DEBUGGER_CHECK), so no code was run"];
		case "not_asked":
			return ["- the user's own check: not run, as asked"];
		case "not_run":
			return [
				`- the user's own check (${visibleLine(outcome.command)}): NOT RUN. ${whyNotRun(outcome.reason, "it runs code from this patch")}`,
			];
		case "ran":
			return describeRuns(outcome);
	}
}

function describeRuns(outcome: Extract<CheckOutcome, { status: "ran" }>): readonly string[] {
	const { command, sandboxed, after, before } = outcome;
	const where = sandboxed ? "in a sandboxed copy" : "in a copy, WITHOUT a sandbox as the user set it";
	return [
		`- the user's own check (${visibleLine(command)}, ${where}): ${describeVerdict(after, before, outcome.timeoutMs)}`,
		...(after.end === "passed" ? [] : outputOf("with the patch", after)),
		...(before?.end === "failed" ? outputOf("without the patch", before) : []),
	];
}

function describeVerdict(after: CheckRun, before: CheckRun | undefined, timeoutMs: number): string {
	const seconds = `${(after.milliseconds / 1000).toFixed(1)} s`;
	if (after.end === "passed") return `passed (${seconds})`;
	if (after.end === "timed_out") return `TIMED OUT after ${timeoutMs / 1000} s, so it proves nothing`;
	const how = `FAILED with the patch (${after.exitCode === null ? "killed" : `exit ${after.exitCode}`}, ${seconds})`;
	switch (before?.end) {
		case "passed":
			return `${how}, and passes without it: the patch breaks it`;
		case "failed":
			return `${how}, and FAILS WITHOUT IT TOO: the patch may not be the cause; compare the two`;
		case "timed_out":
			return `${how}; without it, it timed out`;
		case undefined:
			return how;
	}
}
