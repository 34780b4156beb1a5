import { fileKind } from "../../../src/codebase/find/paths.ts";
import type { SearchResult } from "../../../src/codebase/run-search.ts";
import type { CodeSearch } from "../../../src/codebase/search.ts";
import type { Role } from "../../../src/codebase/syntax/roles.ts";
import { isCode, type Label, labels, names } from "./lay-out.ts";

interface Found {
	readonly path: string;
	readonly line: number;
	readonly role: Role;
	readonly enclosing: string | undefined;
}

/** What the search makes of the labelled corpus. */
export interface Score {
	readonly names: number;
	readonly firstRight: number;
	/** Names that have raising lines, and those of which all stand within the first five (or come before all else). */
	readonly raised: number;
	readonly raisedFirst: number;
	readonly enclosing: number;
	readonly enclosingRight: number;
	/** By the labelled role, then by the role that was found. */
	readonly confusion: ReadonlyMap<string, ReadonlyMap<string, number>>;
	readonly wrong: readonly string[];
}

/** Searches for every labelled name and holds what is found against the labels. */
export async function scoreCorpus(search: CodeSearch): Promise<Score> {
	const signal = new AbortController().signal;
	const confusion = new Map<string, Map<string, number>>();
	const wrong: string[] = [];
	let [firstRight, raised, raisedFirst, enclosing, enclosingRight] = [0, 0, 0, 0, 0];
	for (const name of names) {
		const asked = isCode(name) && name !== "LLM_TIMEOUT_MS" ? { errorCode: name } : { query: name };
		const result = await search.search({ ...asked, limit: 200, context: 0, history: false }, signal);
		const found = flatten(result);
		const wanted = labels.filter((label) => label.name === name);
		const raising = wanted.filter(({ role }) => role === "raises");
		const defining = wanted.filter(({ role }) => role === "defines");
		const best = [raising, defining, wanted].find((some) => some.length > 0) ?? [];
		if (best.some((label) => same(label, found[0]))) firstRight += 1;
		else wrong.push(`first of ${name}: ${found[0]?.path}:${found[0]?.line}`);
		if (raising.length > 0) {
			raised += 1;
			const within = found.slice(0, Math.max(5, raising.length));
			if (raising.every((label) => within.some((one) => same(label, one)))) raisedFirst += 1;
			else wrong.push(`raising lines of ${name} are not within the first five`);
		}
		for (const label of wanted) {
			const one = found.find((match) => same(label, match));
			const got = one?.role ?? "not found";
			count(confusion, label.role, got);
			if (got !== label.role)
				wrong.push(`role at ${label.path}:${label.line} ${name}: ${label.role}, got ${got}`);
			if (label.enclosing === undefined) continue;
			enclosing += 1;
			if (one?.enclosing === label.enclosing) enclosingRight += 1;
			else wrong.push(`enclosing at ${label.path}:${label.line}: ${label.enclosing}, got ${one?.enclosing}`);
		}
		if ("errorCode" in asked) {
			for (const one of found.filter((match) => !wanted.some((label) => same(label, match)))) {
				const kind = fileKindOf(one.path);
				if (kind === undefined) wrong.push(`no label for ${name} at ${one.path}:${one.line} (${one.role})`);
				else count(confusion, kind, one.role);
			}
		}
	}
	return {
		names: names.length,
		firstRight,
		raised,
		raisedFirst,
		enclosing,
		enclosingRight,
		confusion,
		wrong,
	};
}

/** The role that a file's place gives to all its lines; undefined for production code. */
function fileKindOf(path: string): string | undefined {
	const kind = fileKind(path);
	if (kind === "test" || kind === "docs") return kind;
	return kind === "generated" ? "generated (any)" : /\.(json|yaml|sql)$/.test(path) ? "mention" : undefined;
}

export function flatten(result: SearchResult): readonly Found[] {
	return result.files.flatMap(({ path, items }) =>
		items.map(({ line, role, enclosing }) => ({ path, line, role, enclosing })),
	);
}

function same(label: Label, found: Found | undefined): boolean {
	return found?.path === label.path && found.line === label.line;
}

function count(confusion: Map<string, Map<string, number>>, wanted: string, got: string): void {
	const row = confusion.get(wanted) ?? new Map<string, number>();
	confusion.set(wanted, row);
	row.set(got, (row.get(got) ?? 0) + 1);
}
