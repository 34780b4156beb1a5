// What others know of a trouble, from a file of theirs: beside a case, and never part of what this machine checked.

import { type Case, mostHappened, mostTold, type Others } from "./case.ts";

/** Whether anything of the case was seen by this machine. */
export function isOwn({ told, happened }: Pick<Case, "told" | "happened">): boolean {
	return told.length > 0 || happened.length > 0;
}

/** A case that was only imported begins here, with the first thing that this machine sees of it. */
export function beginning(one: Case, at: number): Case {
	return isOwn(one) || one.others === undefined ? one : { ...one, openedAt: at };
}

/**
 * What others tell joins what others told before. Nothing of the case's own changes: neither its state nor a verdict.
 *
 * @returns the same case where nothing is new
 */
export function withOthers(one: Case, given: Others): Case {
	const { others } = one;
	const told = unlike(given.told, [...one.told, ...(others?.told ?? [])]);
	const happened = unlike(given.happened, [...one.happened, ...(others?.happened ?? [])]);
	if (told.length === 0 && happened.length === 0) return one;
	const isNewer = others === undefined || lastAt(given) >= lastAt(others);
	const [newer, older] = isNewer ? [given, others ?? given] : [others, given];
	return {
		...one,
		others: {
			...older,
			...newer,
			importedAt: given.importedAt,
			told: [...(others?.told ?? []), ...told].sort(byTime).slice(-mostTold),
			happened: [...(others?.happened ?? []), ...happened].sort(byTime).slice(-mostHappened),
		},
	};
}

function lastAt({ happened, told }: Others): number {
	return Math.max(0, ...[...happened, ...told].map(({ at }) => at));
}

function byTime(one: { readonly at: number }, other: { readonly at: number }): number {
	return one.at - other.at;
}

function unlike<T>(given: readonly T[], known: readonly T[]): readonly T[] {
	const there = new Set(known.map((one) => formOf(one)));
	return given.filter((one) => !there.has(formOf(one)));
}

/** The order of a file's fields is its writer's. */
function formOf(value: unknown): string {
	return JSON.stringify(Object.entries(Object(value)).sort(([one], [other]) => (one < other ? -1 : 1)));
}
