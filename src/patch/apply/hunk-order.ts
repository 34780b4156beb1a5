// Places that only the order of a file's hunks leaves: both patch forms list hunks as they stand in the file.

import type { Candidates } from "./hunk-places.ts";

/** What a hunk changes, without the context at its edges: lines from the start of its old side. */
export interface Core {
	readonly from: number;
	readonly to: number;
}

export function coreOf({ hunk: { ops } }: Pick<Candidates, "hunk">): Core {
	const head = ops.findIndex(({ op }) => op !== "keep");
	if (head < 0) return { from: 0, to: 0 };
	const last = ops.findLastIndex(({ op }) => op !== "keep");
	const dropped = ops.slice(head, last + 1).filter(({ op }) => op !== "add").length;
	return { from: head, to: head + dropped };
}

/**
 * For each hunk its place, where the hunks' order leaves it only one; a hunk that could stand earlier in one arrangement
 * and later in another has none.
 */
export function placesByOrder(all: readonly Candidates[]): readonly (number | undefined)[] {
	const cores = all.map(coreOf);
	const earliest = inOrder(all, cores);
	const latest = backwards(all, cores);
	return all.map((_, index) => (earliest[index] === latest[index] ? earliest[index] : undefined));
}

const isBefore = (at: number, core: Core, next: number, nextCore: Core): boolean =>
	at + core.to <= next + nextCore.from && at + core.from < next + nextCore.from;

/** The first place of each that its predecessor leaves; empty where there is no arrangement. */
function inOrder(all: readonly Candidates[], cores: readonly Core[]): readonly number[] {
	const taken: number[] = [];
	for (const [index, { places }] of all.entries()) {
		const [core, before, at] = [cores[index], cores[index - 1], taken.at(-1)];
		if (core === undefined) return [];
		const place = places.find(
			(one) => before === undefined || at === undefined || isBefore(at, before, one, core),
		);
		if (place === undefined) return [];
		taken.push(place);
	}
	return taken;
}

/** The last place of each that its successor leaves. */
function backwards(all: readonly Candidates[], cores: readonly Core[]): readonly number[] {
	const taken: number[] = [];
	for (let index = all.length - 1; index >= 0; index -= 1) {
		const [core, after, at] = [cores[index], cores[index + 1], taken.at(-1)];
		if (core === undefined) return [];
		const place = all[index]?.places.findLast(
			(one) => after === undefined || at === undefined || isBefore(one, core, at, after),
		);
		if (place === undefined) return [];
		taken.push(place);
	}
	return taken.reverse();
}
