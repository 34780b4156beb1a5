// One case as a page, for people and as a resource: what the server checked, and apart from it what agents and others wrote.

import { type Case, type Others, patchesOf, shownStatus } from "../cases/index.ts";
import { isoInstant, markedBlock, type SafeText, safeText, secretsOnly, visibleLine } from "../text/index.ts";
import { boundWords, historyWords } from "./case-words.ts";
import { shortHash } from "./suspects.ts";

/** Such as `ATS_TIMEOUT (provider gmail)`. */
export function caseName(one: Case): string {
	const where = boundWords(one, visibleLine);
	const name = visibleLine(one.trouble.name);
	return `${one.trouble.of === "skill" ? "skill " : ""}${name}${where === "" ? "" : ` (${where})`}`;
}

/** What agents wrote was masked when it was kept. */
export function caseText(one: Case): string {
	const { location, suspect, fix, told, others } = one;
	const patch = fix?.patch ?? patchesOf(one).at(-1);
	return [
		`${one.id}  ${shownStatus(one)}  ${caseName(one)}`,
		...(location === undefined ? [] : [`location  ${visibleLine(location)}`]),
		...(suspect === undefined ? [] : [`likely caused by  ${shortHash(suspect)}`]),
		...(patch === undefined ? [] : [`patch  ${patch}`]),
		...(fix?.commit === undefined ? [] : [`fixed by  ${shortHash(fix.commit)}`]),
		...historyWords(one).map((event) => `  ${event}`),
		...told.flatMap((words) => toldLines(words, "written by an agent")),
		...(others === undefined ? [] : othersLines(others)),
	].join("\n");
}

/** As a resource: all of it stands in a marked block. */
export function renderCase(one: Case): SafeText {
	return safeText(markedBlock("production", caseText(one)), secretsOnly);
}

function toldLines({ at, title, cause, fix }: Case["told"][number], lead: string): readonly string[] {
	return [
		`${lead}, ${isoInstant(at)}${title === undefined ? "" : `: ${visibleLine(title)}`}`,
		`  cause  ${visibleLine(cause)}`,
		`  fix    ${visibleLine(fix)}`,
	];
}

function othersLines({ importedAt, status, told, happened }: Others): readonly string[] {
	return [
		`imported ${isoInstant(importedAt)}, not checked here; ${status} there`,
		...historyWords({ happened }).map((event) => `  ${event}`),
		...told.flatMap((words) => toldLines(words, "written elsewhere")),
	];
}
