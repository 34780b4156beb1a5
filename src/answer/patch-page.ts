// Renders the head of a kept patch's page: what was proven, its age, and whether it applies or has landed.

import type { AppliedPatch, ReadPatch } from "../patch/index.ts";
import { shellQuoted } from "../system/index.ts";
import { quoteUntrusted, type SafeText, safeText, secretsOnly, visibleLine } from "../text/index.ts";

/**
 * Lines before the diff. git skips what comes before a diff's first header, so that the page as a whole still applies.
 *
 * @param landed undefined where HEAD could not be read
 * @param now milliseconds since the epoch
 */
export function renderPatchHead(
	id: string,
	patch: ReadPatch,
	landed: AppliedPatch | undefined,
	now: number,
): SafeText {
	const { title, rationale, madeAt, errorCode, file, apply, exact } = patch;
	const lines = [
		`Patch ${id}: ${quoteUntrusted(title, 200)}`,
		`Why: ${quoteUntrusted(rationale, 1000)}${errorCode === undefined ? "" : ` (for ${visibleLine(errorCode)})`}`,
		`Made: ${madeAt} (${ageWords(now - Date.parse(madeAt))})`,
		`Proof by a test: ${proofWords(patch)}`,
		`The user's own check: ${checkWords(patch.check)}`,
		`Now: ${stateWords(patch, landed)}`,
		`Kept in the file ${visibleLine(file)}; applied with: ${visibleLine(apply)} ${visibleLine(shellQuoted(file))}`,
		...(exact ? [] : ["A file of it is not in UTF-8: only the kept file applies."]),
		"",
		"",
	];
	return safeText(lines.join("\n"), secretsOnly);
}

function ageWords(milliseconds: number): string {
	const minutes = Math.max(0, Math.floor(milliseconds / 60_000));
	if (minutes < 1) return "just now";
	if (minutes < 60) return `${minutes} min ago`;
	const hours = Math.floor(minutes / 60);
	return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}

const verdicts: Readonly<Record<string, string>> = {
	proof: "fails without the fix, passes with it",
	weak: "passes with the fix; without it, it fails, but not by an assertion",
	proves_nothing: "passes without the fix as well: it proves nothing",
	fails_too: "fails with it too",
	breaks: "passes without the fix and fails with it",
	did_not_run: "did not run the file",
	did_not_start: "the command did not start",
	timed_out: "timed out",
};

function proofWords({ proof }: ReadPatch): string {
	if (proof === undefined) return "none was run";
	const files = proof.files.map((path) => quoteUntrusted(path, 120)).join(", ");
	return `${verdicts[proof.verdict] ?? "not known"} (${files})`;
}

function checkWords(check: ReadPatch["check"]): string {
	switch (check) {
		case undefined:
			return "not run";
		case "passed":
			return "passed";
		case "failed":
			return "FAILED";
		case "failed_before_too":
			return "FAILED, and without the patch too";
		case "timed_out":
			return "timed out";
	}
}

function stateWords({ stale, applies }: ReadPatch, landed: AppliedPatch | undefined): string {
	const by = landed?.commit === undefined ? "" : ` (commit ${landed.commit.slice(0, 7)})`;
	const elsewhere = landed === undefined ? "" : applyWords(stale, applies);
	switch (landed?.state) {
		case undefined:
			return applyWords(stale, applies);
		case "whole":
			return `it has landed: HEAD has all of it${by}`;
		case "edited":
			return `it has landed in HEAD, edited${by}; ${elsewhere}`;
		case "part":
			return `HEAD has ${landed?.there} of its ${landed?.changes} changes${by}; ${elsewhere}`;
		case "reverted":
			return `it had landed, and was taken out again${by}; ${elsewhere}`;
		case "not":
			return `it is not in HEAD; ${elsewhere}`;
	}
}

function applyWords(stale: boolean, applies: boolean): string {
	if (!stale) return "it applies: its files are as they were";
	return applies
		? "its files have changed since, and it still applies"
		: "its files have changed since, and it NO LONGER APPLIES: propose it again";
}
