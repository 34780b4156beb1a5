// Stores matches compactly, each ranked by its line's text.

import { type FileKind, fileKind } from "./paths.ts";
import type { Hit } from "./ripgrep-events.ts";
import type { MatchPosition } from "./source.ts";

/**
 * A match's rank, from its line's text alone: free searches find too much to parse. A smaller number comes first.
 */
export const ranks = { definition: 0, code: 1, remark: 2, part: 3 } as const;

/** A file's matches, kept as numbers: a search may find a hundred thousand. */
export interface HitFile {
	readonly path: string;
	readonly kind: FileKind;
	readonly lines: number[];
	readonly columns: number[];
	readonly matched: string[];
	readonly rank: number[];
}

/** Collects matches as they stream in. */
export class HitStore {
	readonly #files = new Map<string, HitFile>();
	#lastMatched = "";

	readonly add = (hit: Hit): void => {
		let file = this.#files.get(hit.path);
		if (file === undefined) {
			file = {
				path: hit.path,
				kind: fileKind(hit.path),
				lines: [],
				columns: [],
				matched: [],
				rank: [],
			};
			this.#files.set(hit.path, file);
		}
		// Most matches have the same text, so one copy of it is shared.
		if (hit.matched !== this.#lastMatched) this.#lastMatched = hit.matched;
		file.lines.push(hit.line);
		file.columns.push(hit.column);
		file.matched.push(this.#lastMatched);
		file.rank.push(rankOf(hit));
	};

	/** By path. */
	files(): readonly HitFile[] {
		return [...this.#files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
	}
}

export function placesOf(file: HitFile): readonly MatchPosition[] {
	return file.lines.map((line, index) => ({
		line,
		column: file.columns[index] ?? 0,
		matched: file.matched[index] ?? "",
		whole: file.rank[index] !== ranks.part,
	}));
}

const declaring =
	/(?:^|[\s(])(?:function\*?|class|interface|type|enum|const|let|var|def|func|struct|namespace|trait|fn|record|val)\s{1,4}$/;
const goMethod = /^func\s{1,4}\([^()]{0,120}\)\s{1,4}$/;
const modifiers =
	/^(?:(?:public|private|protected|static|async|override|readonly|abstract|get|set|export|default|\*)\s{0,4}){0,6}$/;

/** A method: only modifiers before it, a plain parameter list and a body after it. */
const method = /^(?:<[^()]{0,60}>)?\([^()]{0,200}\)\s{0,3}(?::[^={}]{0,100})?\{$/;
/** `exports.run = function`, `run = async (…`, `run: () =>`. */
const assigned =
	/^\s{0,3}[=:]\s{0,3}(?:async\s{1,3})?(?:function\b|class\b|\([^()]{0,80}\)\s{0,3}(?::[^=]{0,60})?=>)/;

function rankOf({ whole, before, after }: Hit): number {
	if (!whole) return ranks.part;
	const start = before.trimStart();
	if (/^(\/\/|#|\*|\/\*|--|<!--|"""|''')/.test(start)) return ranks.remark;
	if (/^(import|from|export\s{1,4}(\*|\{))/.test(start) || /\brequire\($/.test(start)) return ranks.remark;
	if (declaring.test(before) || goMethod.test(start)) return ranks.definition;
	if (modifiers.test(start) && method.test(after)) return ranks.definition;
	if (assigned.test(after)) return ranks.definition;
	return ranks.code;
}
