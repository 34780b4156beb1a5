// Makes the commits of a planted incident: each file with every edit that still stands.

import { after } from "./suspects-culprit.ts";
import { apply, type Edit } from "./suspects-edits.ts";
import type { Draft, PlannedCommit } from "./suspects-incident.ts";
import type { Random } from "./world-random.ts";

/** Each commit's files: the story's text with every edit that still stands. */
export function render(
	base: ReadonlyMap<string, string>,
	raise: Edit,
	drafts: readonly Draft[],
	times: readonly number[],
	hasCulprit: boolean,
	now: number,
	random: Random,
): readonly PlannedCommit[] | undefined {
	let tree = base;
	let standing: Edit[] = [raise];
	const shown = new Map(base);
	const raised = apply(base.get(raise.path) ?? "", raise);
	if (raised === undefined) return undefined;
	shown.set(raise.path, raised);
	const commits: PlannedCommit[] = [];
	let branchLeft = 0;
	for (const [index, draft] of drafts.entries()) {
		const at = times[index] ?? 0;
		if (at > now) break;
		if (draft.story !== undefined) tree = after(tree, draft.story);
		standing = [...standing.filter((edit) => edit !== draft.undoes), ...draft.edits];
		const paths = new Set([
			...(draft.story?.changes.keys() ?? []),
			...draft.edits.map(({ path }) => path),
			...(draft.undoes === undefined ? [] : [draft.undoes.path]),
		]);
		const changes = new Map<string, string | null>();
		for (const path of paths) {
			let text = tree.get(path);
			for (const edit of standing.filter((one) => one.path === path)) {
				if (text === undefined) return undefined;
				const next: string | undefined = apply(text, edit);
				// The error and its cause must not be lost; what else does not fit any more is dropped.
				if (next === undefined && (edit === raise || draft.edits.includes(edit) || isCulprit(edit, drafts)))
					return undefined;
				if (next === undefined) standing = standing.filter((one) => one !== edit);
				else text = next;
			}
			if (shown.get(path) === text) continue;
			changes.set(path, text ?? null);
			if (text === undefined) shown.delete(path);
			else shown.set(path, text);
		}
		if (changes.size === 0) {
			if (draft.role === "culprit") return undefined;
			continue;
		}
		const isAfterCulprit = commits.at(-1)?.role === "culprit";
		if (branchLeft === 0 && random() < 0.06 && !isAfterCulprit) branchLeft = 1 + Math.floor(random() * 3);
		const isOnBranch = branchLeft > 0;
		// A culprit is merged as soon as it is made: it must be live before the onset.
		if (isOnBranch) branchLeft = draft.role === "culprit" ? 0 : branchLeft - 1;
		commits.push({ subject: draft.subject, changes, role: draft.role, at, isOnBranch });
	}
	return hasCulprit && !commits.some(({ role }) => role === "culprit") ? undefined : commits;
}

function isCulprit(edit: Edit, drafts: readonly Draft[]): boolean {
	return drafts.some(({ role, edits }) => role === "culprit" && edits.includes(edit));
}
