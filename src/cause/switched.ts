// The setting that a commit turns on.

import type { Commit } from "../codebase/index.ts";
import type { NameSet } from "./named-near.ts";
import type { Touch } from "./where.ts";

const off = /\b(?:false|off|no|none|null|nil|disabled|0)\b/i;
const on = /\b(?:true|on|yes|enabled|[1-9]\d*)\b/i;

/** Its name, where the commit does nothing else. */
export function switchedName({
	isSettingOnly,
	sets,
	touches,
	commit,
}: {
	readonly isSettingOnly: boolean;
	readonly sets: NameSet | undefined;
	readonly touches: readonly Touch[];
	readonly commit: Commit;
}): string | undefined {
	const name = sets?.name ?? touches.find(({ spot }) => spot.relation === "read")?.spot.name;
	if (!isSettingOnly || name === undefined) return undefined;
	const hunks = commit.patch.files.flatMap((file) => file.hunks);
	const has = (lines: readonly string[], value: RegExp) =>
		lines.some((line) => wordsIn(line).has(name) && value.test(line.replace(name, "")));
	const isTurnedOn = hunks.some(({ removed, added }) => has(removed, off) && has(added, on));
	return isTurnedOn ? name : undefined;
}

export function wordsIn(line: string): ReadonlySet<string> {
	return new Set(line.match(/[\w$]+/g));
}
