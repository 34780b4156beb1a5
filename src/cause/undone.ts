// Which commits were undone later, and by which.

import type { Commit } from "../codebase/index.ts";
import { isRemark } from "./lines.ts";

/** A commit that undoes an earlier one, by its text or by its lines. @returns the undone commit's id to the undoing one */
export function undoings(newestFirst: readonly Commit[]): ReadonlyMap<string, Commit> {
	const undone = new Map<string, Commit>();
	const changes = new Map<string, string[]>();
	const alike = touchedAlike(newestFirst);
	for (const commit of [...newestFirst].reverse()) {
		const signature = alike.has(commit) ? signaturesOf(commit) : undefined;
		const inverse = signature?.inverse;
		const earlier = inverse === undefined ? undefined : changes.get(inverse);
		const byLines = earlier?.at(-1);
		if (byLines !== undefined) undone.set(byLines, commit);
		for (const hash of commit.reverts) {
			const named = newestFirst.find(({ id }) => id.startsWith(hash));
			if (named !== undefined) undone.set(named.id, commit);
		}
		const own = signature?.own;
		if (own !== undefined) changes.set(own, [...(changes.get(own) ?? []), commit.id]);
	}
	return undone;
}

/** The commits whose files another commit touched too, and no others: only such can undo each other. */
function touchedAlike(commits: readonly Commit[]): ReadonlySet<Commit> {
	const byPaths = new Map<string, Commit[]>();
	for (const commit of commits) {
		const { patch } = commit;
		if (patch.isCut || patch.isMissing === true || patch.files.length > maxFiles) continue;
		const paths = patch.files
			.map(({ path }) => path)
			.sort()
			.join("\0");
		const same = byPaths.get(paths);
		if (same === undefined) byPaths.set(paths, [commit]);
		else same.push(commit);
	}
	return new Set([...byPaths.values()].filter(({ length }) => length > 1).flat());
}

const maxFiles = 50;
const maxLines = 2000;

/** Paths with their removed and added lines, and the other way round. */
interface Signatures {
	readonly own: string;
	readonly inverse: string;
}

/** A commit's change is read once, and asked about by every call. */
const known = new WeakMap<Commit["patch"], { readonly signatures: Signatures | undefined }>();

function signaturesOf({ patch }: Commit): Signatures | undefined {
	const before = known.get(patch);
	if (before !== undefined) return before.signatures;
	const signatures = sign(patch);
	known.set(patch, { signatures });
	return signatures;
}

function sign(patch: Commit["patch"]): Signatures | undefined {
	const hunks = patch.files.flatMap(({ path, hunks }) => hunks.map((hunk) => ({ path, ...hunk })));
	const lines = hunks.reduce((sum, { removed, added }) => sum + removed.length + added.length, 0);
	if (lines === 0 || lines > maxLines) return undefined;
	const sides = hunks.map(({ path, removed, added }) => ({
		path,
		removed: stripped(removed),
		added: stripped(added),
	}));
	const join = (parts: readonly string[]) => [...parts].sort().join("\x01");
	return {
		own: join(sides.map(({ path, removed, added }) => `${path}\0${removed}\0${added}`)),
		inverse: join(sides.map(({ path, removed, added }) => `${path}\0${added}\0${removed}`)),
	};
}

/** Without comments, blank lines and layout. */
function stripped(side: readonly string[]): string {
	return side
		.filter((line) => !isRemark(line))
		.map((line) => line.trim())
		.join("\n");
}
