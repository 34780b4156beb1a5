// The command `cases`: what is remembered of earlier trouble, for the user to read, mute and forget.

import { caseName, caseText } from "../answer/index.ts";
import { type Case, type CaseMemory, shownStatus } from "../cases/index.ts";
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
			return caseText(one);
		case "mute":
			return listed((await memory.mute(one.id, at)) ?? one);
		case "unmute":
			return listed((await memory.unmute(one.id, at)) ?? one);
		case "forget":
			await memory.forget(one.id);
			return `${one.id} is forgotten.`;
	}
}

function listed(one: Case): string {
	const { id, openedAt, location } = one;
	const at = location === undefined ? "" : `  ${visibleLine(location)}`;
	return `${id}  ${shownStatus(one).padEnd(9)}  ${isoInstant(openedAt)}  ${caseName(one)}${at}`;
}
