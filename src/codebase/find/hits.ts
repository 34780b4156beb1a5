import { type FileKind, fileKind } from "./paths.ts";
import type { Hit } from "./ripgrep-events.ts";
import type { Place } from "./source.ts";

/**
 * How much a line promises, read from its text alone: the order of a search that finds too much to parse.
 * A smaller number comes first.
 */
export const promises = { definition: 0, code: 1, remark: 2, part: 3 } as const;

/** A file's matches, kept as numbers: a search may find a hundred thousand. */
export interface HitFile {
	readonly path: string;
	readonly kind: FileKind;
	readonly lines: number[];
	readonly columns: number[];
	readonly matched: string[];
	readonly promise: number[];
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
				promise: [],
			};
			this.#files.set(hit.path, file);
		}
		// Most matches are the same text: one copy of it is kept.
		if (hit.matched !== this.#lastMatched) this.#lastMatched = hit.matched;
		file.lines.push(hit.line);
		file.columns.push(hit.column);
		file.matched.push(this.#lastMatched);
		file.promise.push(promiseOf(hit));
	};

	/** By path. */
	files(): readonly HitFile[] {
		return [...this.#files.values()].sort((one, other) => (one.path < other.path ? -1 : 1));
	}
}

export function placesOf(file: HitFile): readonly Place[] {
	return file.lines.map((line, index) => ({
		line,
		column: file.columns[index] ?? 0,
		matched: file.matched[index] ?? "",
		whole: file.promise[index] !== promises.part,
	}));
}

const declaring =
	/(?:^|[\s(])(?:function\*?|class|interface|type|enum|const|let|var|def|func|struct|namespace|trait|fn|record|val)\s{1,4}$/;
const goMethod = /^func\s{1,4}\([^()]{0,120}\)\s{1,4}$/;
const modifiers =
	/^(?:(?:public|private|protected|static|async|override|readonly|abstract|get|set|export|default|\*)\s{0,4}){0,6}$/;

/** A method: nothing but modifiers before it, a plain parameter list and a body after it. */
const method = /^(?:<[^()]{0,60}>)?\([^()]{0,200}\)\s{0,3}(?::[^={}]{0,100})?\{$/;
/** `exports.run = function`, `run = async (…`, `run: () =>`. */
const assigned =
	/^\s{0,3}[=:]\s{0,3}(?:async\s{1,3})?(?:function\b|class\b|\([^()]{0,80}\)\s{0,3}(?::[^=]{0,60})?=>)/;

function promiseOf({ whole, before, after }: Hit): number {
	if (!whole) return promises.part;
	const start = before.trimStart();
	if (/^(\/\/|#|\*|\/\*|--|<!--|"""|''')/.test(start)) return promises.remark;
	if (/^(import|from|export\s{1,4}(\*|\{))/.test(start) || /\brequire\($/.test(start)) return promises.remark;
	if (declaring.test(before) || goMethod.test(start)) return promises.definition;
	if (modifiers.test(start) && method.test(after)) return promises.definition;
	if (assigned.test(after)) return promises.definition;
	return promises.code;
}
