// Whether a file holds what a patch changes in it: by content, whatever the layout and wherever it has moved.

import type { DiffSection } from "../read/diff-sections.ts";

/** Lines that go in or out together, with the line before and after them. */
interface Group {
	readonly before: string;
	readonly after: string;
	readonly added: readonly string[];
	readonly dropped: readonly string[];
}

/** `edited`: most of its lines are there, not all as they were proposed. */
export type GroupState = "there" | "edited" | "missing";

/** Of an edited application so many of the lines are there. */
const editedShare = 0.5;
/** Shorter texts stand in a file by chance. */
const leastText = 12;
const leastLine = 4;

/** What layout changes: white space, quotes, semicolons, and commas before a closing bracket. */
export function withoutLayout(text: string): string {
	return text
		.replace(/\s+/g, "")
		.replace(/['`]/g, '"')
		.replace(/;/g, "")
		.replace(/,(?=[)\]}])/g, "");
}

/** @param content of the file; undefined where there is none */
export function statesOf(
	{ hunks, isDeleted }: DiffSection,
	content: string | undefined,
): readonly GroupState[] {
	if (isDeleted) return [content === undefined ? "there" : "missing"];
	const groups = hunks.flatMap(groupsOf).filter(({ added, dropped }) => {
		// Only the layout is changed: nothing tells it from the text before.
		return withoutLayout(added.join("\n")) !== withoutLayout(dropped.join("\n"));
	});
	if (content === undefined) return groups.map(() => "missing");
	const text = withoutLayout(content);
	const lines = new Set(content.split("\n").map(withoutLayout));
	return groups.map((group) => stateOf(group, text, lines));
}

function groupsOf(hunk: readonly string[]): readonly Group[] {
	const groups: Group[] = [];
	let [added, dropped, before]: [string[], string[], string] = [[], [], ""];
	const close = (after: string) => {
		if (added.length + dropped.length > 0) groups.push({ before, after, added, dropped });
		[added, dropped] = [[], []];
	};
	for (const line of hunk) {
		const text = line.slice(1);
		if (line.startsWith("+")) added.push(text);
		else if (line.startsWith("-")) dropped.push(text);
		else {
			if (text.trim() === "") continue;
			close(text);
			before = text;
		}
	}
	close("");
	return groups;
}

function stateOf(
	{ before, after, added, dropped }: Group,
	text: string,
	lines: ReadonlySet<string>,
): GroupState {
	const join = (middle: readonly string[]) => withoutLayout([before, ...middle, after].join("\n"));
	const [fresh, old] = [join(added), join(dropped)];
	const isOld = old.length > 0 && dropped.length > 0 && text.includes(old);
	if (fresh.length > 0 && text.includes(fresh) && !isOld) return "there";
	const alone = withoutLayout(added.join("\n"));
	const gone = withoutLayout(dropped.join("\n"));
	const isGone = gone === "" || !text.includes(gone) || alone.includes(gone);
	// The lines around it have changed since.
	if (alone.length >= leastText && text.includes(alone) && isGone) return "there";
	if (alone === "") return isGone && gone.length >= leastText ? "there" : "missing";
	return isEdited(added, dropped, lines, text) ? "edited" : "missing";
}

function isEdited(
	added: readonly string[],
	dropped: readonly string[],
	lines: ReadonlySet<string>,
	text: string,
): boolean {
	const telling = (all: readonly string[], others: readonly string[]) => {
		const known = new Set(others.map(withoutLayout));
		return all.map(withoutLayout).filter((line) => line.length >= leastLine && !known.has(line));
	};
	const [fresh, old] = [telling(added, dropped), telling(dropped, added)];
	if (fresh.length < 2) return false;
	const isThere = (line: string) => lines.has(line) || (line.length >= leastText && text.includes(line));
	const there = fresh.filter(isThere).length;
	return there / fresh.length >= editedShare && old.filter(isThere).length <= old.length / 2;
}
