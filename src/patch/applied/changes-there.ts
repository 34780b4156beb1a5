// Whether a file holds what a patch changes in it: by content, whatever the layout and wherever it has moved.

import { occurrences } from "../apply/occurrences.ts";
import type { DiffSection } from "../read/diff-sections.ts";
import {
	edges,
	type Group,
	groupsOf,
	isLayout,
	leastText,
	sideOf,
	withoutLayout,
	withoutMarks,
} from "./groups.ts";

/** `edited`: most of its lines are there, not all as they were proposed. */
export type GroupState = "there" | "edited" | "missing";

/** Of an edited application so many of the lines are there. */
const editedShare = 0.5;
const leastLine = 4;

/** A file as it is searched. */
interface Searched {
	readonly lines: readonly string[];
	/** Without layout, as a whole and by line. */
	readonly text: string;
	readonly bare: ReadonlySet<string>;
	/** How many changes were found so, by their text: as many alike ones are there as it stands there. */
	readonly found: Map<string, number>;
}

/** @param content of the file; undefined where there is none */
export function statesOf(
	{ hunks, isDeleted }: DiffSection,
	content: string | undefined,
): readonly GroupState[] {
	if (isDeleted) return [content === undefined ? "there" : "missing"];
	const isOnlyLayout = hunks.every((hunk) => groupsOf(hunk).every(isLayout));
	const counted = (group: Group) => isOnlyLayout || !isLayout(group);
	if (content === undefined)
		return hunks.flatMap((hunk) =>
			groupsOf(hunk)
				.filter(counted)
				.map((): GroupState => "missing"),
		);
	const lines = content.split(/\r?\n/);
	const file: Searched = {
		lines,
		text: `${edges.start}${withoutLayout(content)}${edges.end}`,
		bare: new Set(lines.map(withoutLayout)),
		found: new Map(),
	};
	const wholes = hunks.map((hunk) => stateOfHunk(hunk, file));
	// What is certain takes its places first.
	for (const [index, hunk] of hunks.entries())
		if (wholes[index] === "there") for (const group of groupsOf(hunk)) takeAll(group, file);
	return hunks.flatMap((hunk, index) =>
		groupsOf(hunk)
			.filter(counted)
			.map((group) => wholes[index] ?? (isOnlyLayout ? "missing" : stateOf(group, file))),
	);
}

function takeAll(group: Group, { found }: Searched): void {
	for (const context of [3, 2, 1]) {
		const side = sideOf(group, group.added, context);
		if (side !== undefined) take(side, found);
	}
	take(withoutLayout(group.added.join("\n")), found);
}

/** Where one side of it stands in the file as it is, and the other one does not. */
function stateOfHunk(hunk: readonly string[], { lines }: Searched): "there" | "missing" | undefined {
	const side = (other: "-" | "+") =>
		hunk.filter((line) => !line.startsWith(other)).map((line) => line.slice(1).replace(/\r$/, ""));
	const [fresh, old] = [side("-"), side("+")];
	const stands = (own: readonly string[], other: readonly string[]) =>
		occurrences(lines, own).length > 0 && occurrences(other, own).length === 0;
	const [isNew, isOld] = [stands(fresh, old), stands(old, fresh)];
	return isNew === isOld ? undefined : isNew ? "there" : "missing";
}

function stateOf(group: Group, file: Searched): GroupState {
	const { text } = file;
	return (
		stateAround(group, file, text, (side) => side) ??
		stateAround(group, file, withoutMarks(text), withoutMarks) ??
		stateAlone(group, file)
	);
}

/** By its lines and those around it, as many as are the same still. */
function stateAround(
	group: Group,
	{ found }: Searched,
	text: string,
	form: (side: string) => string,
): "there" | "missing" | undefined {
	const tried: string[] = [];
	for (const context of [3, 2, 1]) {
		const [fresh, old] = [group.added, group.dropped].map((middle) => {
			const side = sideOf(group, middle, context);
			return side === undefined ? undefined : form(side);
		});
		if (fresh !== undefined && !old?.includes(fresh)) {
			tried.push(fresh);
			if (isFree(text, fresh, found)) {
				for (const one of tried) take(one, found);
				take(form(withoutLayout(group.added.join("\n"))), found);
				return "there";
			}
		}
		if (old !== undefined && !fresh?.includes(old) && text.includes(old)) return "missing";
	}
	return undefined;
}

/** Whether it stands there more often than was counted already. */
function isFree(text: string, part: string, found: ReadonlyMap<string, number>): boolean {
	return text.includes(part) && timesIn(text, part) > (found.get(part) ?? 0);
}

function take(part: string, found: Map<string, number>): void {
	found.set(part, (found.get(part) ?? 0) + 1);
}

function timesIn(text: string, part: string): number {
	return text.split(part).length - 1;
}

/** The lines around it have changed since. */
function stateAlone(group: Group, { text, bare, found }: Searched): GroupState {
	const { added, dropped } = group;
	const alone = withoutLayout(added.join("\n"));
	const gone = withoutLayout(dropped.join("\n"));
	const isGone = gone === "" || !text.includes(gone) || alone.includes(gone);
	if (alone.length >= leastText && isFree(text, alone, found) && isGone) {
		take(alone, found);
		return "there";
	}
	if (alone === "") return isGone && gone.length >= leastText ? "there" : "missing";
	return isEdited(group, bare, text) ? "edited" : "missing";
}

function isEdited(
	{ added, dropped, before, after }: Group,
	lines: ReadonlySet<string>,
	text: string,
): boolean {
	const telling = (all: readonly string[], others: readonly string[]) => {
		const known = new Set(others.map(withoutLayout));
		return all.map(withoutLayout).filter((line) => line.length >= leastLine && !known.has(line));
	};
	// A line that stands beside the change as well was there before it.
	const [fresh, old] = [telling(added, [...dropped, ...before, ...after]), telling(dropped, added)];
	if (fresh.length < 2) return false;
	const isThere = (line: string) => lines.has(line) || (line.length >= leastText && text.includes(line));
	const there = fresh.filter(isThere).length;
	return there / fresh.length >= editedShare && old.filter(isThere).length <= old.length / 2;
}
