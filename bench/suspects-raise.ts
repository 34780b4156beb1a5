// Puts an error code into a function: into a line that throws already, or into a new guard.

import { apply, type Edit, editOf } from "./suspects-edits.ts";
import type { Fn } from "./suspects-graph.ts";
import { pick } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

const throwing =
	/\b(throw new [\w.]+\(|throw [\w.]*[Ee]rror\(|raise [\w.]+\(|(?:reject|callback|cb|next)\(new \w+\()/;

export interface Raise {
	readonly edit: Edit;
	readonly message: string | undefined;
	/** The 0-based line that it stands at, before the edit. */
	readonly at: number;
}

/** @param after a 0-based line of the function that runs before it: what broke must have been reached */
export function raiseAt(
	tree: ReadonlyMap<string, string>,
	fn: Fn,
	code: string,
	random: Random,
	after = fn.from,
): Raise | undefined {
	const text = tree.get(fn.path);
	if (text === undefined) return undefined;
	const lines = text.split("\n");
	const sites: number[] = [];
	for (let at = after + 1; at <= fn.to; at += 1) if (throwing.test(lines[at] ?? "")) sites.push(at);
	if (sites.length > 0) {
		const at = pick(sites, random);
		const line = lines[at] ?? "";
		const message = /["'`]([\w ,.]{12,80})["'`]/.exec(line)?.[1];
		const edit = editOf(fn.path, lines, at, at + 1, [line.replace(throwing, `$1"${code}", `)], "raise");
		return apply(text, edit) === undefined ? undefined : { edit, message, at };
	}
	const places = boundaries(lines, fn, after);
	if (places.length === 0) return undefined;
	const at = random() < 0.5 ? (places[0] ?? 0) : pick(places, random);
	const edit = editOf(fn.path, lines, at, at, guard(lines, fn, at, code), "raise");
	return apply(text, edit) === undefined ? undefined : { edit, message: undefined, at };
}

/** Lines that a statement of the function's own block can be put before. */
function boundaries(lines: readonly string[], fn: Fn, after: number): readonly number[] {
	const isPython = fn.path.endsWith(".py");
	const opens = isPython ? /:\s*$/ : /\{\s*$/;
	let head = fn.from;
	while (head < fn.to && !opens.test(lines[head] ?? "")) head += 1;
	const indent = indentOf(lines[head + 1] ?? "");
	if (indent.length <= indentOf(lines[fn.from] ?? "").length) return [];
	const found: number[] = [];
	for (let at = head + 1; at <= fn.to; at += 1) {
		const line = lines[at] ?? "";
		const before = lines[at - 1] ?? "";
		const isOwn = indentOf(line) === indent && /^\s*[\w$@"'`/#]/.test(line);
		const isLast = !isPython && at === fn.to;
		const isWhole =
			at === head + 1 || (isPython ? !/[([{,\\:]\s*$/.test(before) : /(?:[;}]|^\s*)\s*$/.test(before));
		if ((isOwn || isLast) && isWhole && at > after && !/^\s*(?:else|elif|except|finally|catch)\b/.test(line))
			found.push(at);
		// What stands behind a return is never reached.
		if (indentOf(line) === indent && /^\s*(?:return|throw|raise)\b/.test(line)) break;
	}
	return found;
}

function indentOf(line: string): string {
	return /^\s*/.exec(line)?.[0] ?? "";
}

/** On the value that was made last, where there is one. */
function guard(lines: readonly string[], fn: Fn, at: number, code: string): readonly string[] {
	const isPython = fn.path.endsWith(".py");
	const isEnd = at === fn.to && !isPython;
	const indent = isEnd ? `${indentOf(lines[at] ?? "")}\t` : indentOf(lines[at] ?? "");
	const made = isPython ? /^(\s*)([A-Za-z_]\w*) = / : /^(\s*)(?:const|let|var) ([A-Za-z_$][\w$]*)\b[^=]* = /;
	const names = lines.slice(fn.from + 1, at).flatMap((line) => {
		const [, depth, name] = made.exec(line) ?? [];
		return depth !== undefined && name !== undefined && depth.length <= indent.length ? [name] : [];
	});
	const value = names.at(-1);
	if (isPython) {
		const test = value === undefined ? `not ready_for("${fn.name}")` : `${value} is None`;
		return [`${indent}if ${test}:`, `${indent}    raise AppError("${code}")`];
	}
	const test = value === undefined ? `!isReady("${fn.name}")` : `${value} == null`;
	return [`${indent}if (${test}) {`, `${indent}\tthrow new AppError("${code}")`, `${indent}}`];
}
