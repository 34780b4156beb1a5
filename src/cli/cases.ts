// The command `cases`: what is remembered of earlier trouble, for the user to read, mute and forget.

import { boundWords, historyWords, shortHash } from "../answer/index.ts";
import { type Case, type CaseMemory, type Others, patchesOf, shownStatus } from "../cases/index.ts";
import { placeOf } from "../config/index.ts";
import type { Services } from "../services.ts";
import { isoInstant, visibleLine } from "../text/index.ts";
import { exportCases, importCases } from "./cases-file.ts";
import type { CaseAction } from "./command-line.ts";

export interface CasesArguments {
	readonly action: CaseAction;
	/** Of cases; of `export` and `import` the file. */
	readonly ids: readonly string[];
}

/**
 * @returns the exit code: 1 where there is no such case
 * @throws {Failure}
 */
export async function runCases(services: Services, { action, ids }: CasesArguments): Promise<number> {
	if (action === "export" || action === "import") {
		const [file = ""] = ids;
		await (action === "export" ? exportCases : importCases)(services, file);
		return 0;
	}
	const memory = services.memory();
	const cases = await memory.all();
	if (action === "list") {
		const none = `No case is kept of this repository and ${placeOf(services.config)}.`;
		process.stdout.write(cases.length === 0 ? `${none}\n` : `${cases.map(listed).join("\n")}\n`);
		return 0;
	}
	let code = 0;
	for (const id of ids) {
		const one = cases.find((known) => known.id === id);
		if (one === undefined) {
			process.stderr.write(`There is no case ${id}: prod-debugger-mcp cases lists them.\n`);
			code = 1;
			continue;
		}
		const at = Math.floor(services.clock.now() / 1000);
		process.stdout.write(`${await acted(memory, one, action, at)}\n`);
	}
	return code;
}

async function acted(
	memory: CaseMemory,
	one: Case,
	action: Exclude<CaseAction, "list" | "export" | "import">,
	at: number,
): Promise<string> {
	switch (action) {
		case "show":
			return shown(one);
		case "mute":
			return listed((await memory.mute(one.id, at)) ?? one);
		case "unmute":
			return listed((await memory.unmute(one.id, at)) ?? one);
		case "forget":
			await memory.forget(one.id);
			return `${one.id} is forgotten.`;
	}
}

function nameOf(one: Case): string {
	const where = boundWords(one, visibleLine);
	const name = visibleLine(one.trouble.name);
	return `${one.trouble.of === "skill" ? "skill " : ""}${name}${where === "" ? "" : ` (${where})`}`;
}

function listed(one: Case): string {
	const { id, openedAt, location } = one;
	const at = location === undefined ? "" : `  ${visibleLine(location)}`;
	return `${id}  ${shownStatus(one).padEnd(9)}  ${isoInstant(openedAt)}  ${nameOf(one)}${at}`;
}

/** What agents wrote was masked when it was kept. */
function shown(one: Case): string {
	const { location, suspect, fix, told, others } = one;
	const patch = fix?.patch ?? patchesOf(one).at(-1);
	return [
		`${one.id}  ${shownStatus(one)}  ${nameOf(one)}`,
		...(location === undefined ? [] : [`location  ${visibleLine(location)}`]),
		...(suspect === undefined ? [] : [`likely caused by  ${shortHash(suspect)}`]),
		...(patch === undefined ? [] : [`patch  ${patch}`]),
		...(fix?.commit === undefined ? [] : [`fixed by  ${shortHash(fix.commit)}`]),
		...historyWords(one).map((event) => `  ${event}`),
		...told.flatMap((words) => toldLines(words, "written by an agent")),
		...(others === undefined ? [] : othersLines(others)),
	].join("\n");
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
