// The changes of a hunk one by one, each with the kept lines around it, and without their layout.

/** Lines that go in or out together. */
export interface Group {
	readonly added: readonly string[];
	readonly dropped: readonly string[];
	/** Kept lines before and after it, the nearest first, up to the next change; blank ones aside. */
	readonly before: readonly string[];
	readonly after: readonly string[];
}

/** Where a file begins and ends, beside its text without layout. */
export const edges = { start: "\u0002", end: "\u0003" } as const;

const maxContext = 3;

/** What layout changes: white space, quotes, semicolons, and commas before a closing bracket. */
export function withoutLayout(text: string): string {
	return text
		.replace(/\s+/g, "")
		.replace(/['`]/g, '"')
		.replace(/;/g, "")
		.replace(/,(?=[)\]}])/g, "");
}

/** What some formatters add and take as well: parentheses, quotes of names, commas. */
export function withoutMarks(bare: string): string {
	return bare.replace(/[()",]/g, "");
}

/** Whether nothing but the layout is changed. */
export function isLayout({ added, dropped }: Pick<Group, "added" | "dropped">): boolean {
	return withoutLayout(added.join("\n")) === withoutLayout(dropped.join("\n"));
}

/** Blank lines separate no groups: what formats a file adds and takes them. */
export function groupsOf(hunk: readonly string[]): readonly Group[] {
	const groups: Group[] = [];
	let [added, dropped]: [string[], string[]] = [[], []];
	let before: string[] = [];
	let kept: string[] = [];
	const close = () => {
		if (added.length + dropped.length > 0)
			groups.push({
				added,
				dropped,
				before: before.toReversed().slice(0, maxContext),
				after: kept.slice(0, maxContext),
			});
		else kept = [...before, ...kept];
		[added, dropped, before, kept] = [[], [], kept, []];
	};
	for (const line of hunk) {
		const text = line.slice(1);
		if (line.startsWith(" ")) {
			if (text.trim() !== "") kept.push(text);
			continue;
		}
		if (kept.length > 0) close();
		(line.startsWith("+") ? added : dropped).push(text);
	}
	close();
	return groups;
}

/** Shorter texts stand in a file by chance. */
export const leastText = 12;
const leastSide = 8;

/**
 * The text that a group makes, or was, with so many lines around it; a file's edge where git shows none.
 *
 * @returns undefined where it is too short to tell anything, as two brackets are with nothing between them
 */
export function sideOf(
	{ before, after }: Group,
	middle: readonly string[],
	context: number,
): string | undefined {
	const [head, own, tail] = [before.slice(0, context).reverse(), middle, after.slice(0, context)].map(
		(lines) => withoutLayout(lines.join("\n")),
	);
	if (head === undefined || own === undefined || tail === undefined) return undefined;
	const [first, last] = [before.length === 0, after.length === 0];
	const isTelling =
		own === ""
			? (first || head.length >= leastSide) && (last || tail.length >= leastSide)
			: head.length + own.length + tail.length >= leastText;
	return isTelling ? `${first ? edges.start : ""}${head}${own}${tail}${last ? edges.end : ""}` : undefined;
}
