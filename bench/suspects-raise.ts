// Puts an error code into a function: into a line that throws already, or into a new guard.

import { apply, type Edit, editOf } from "./suspects-edits.ts";
import type { Fn } from "./suspects-graph.ts";
import { pick } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

const throwing =
	/\b(throw new [\w.]+\(|throw [\w.]*[Ee]rror\(|raise [\w.]+\(|(?:reject|callback|cb|next)\(new \w+\()/;

export function raiseAt(
	tree: ReadonlyMap<string, string>,
	fn: Fn,
	code: string,
	random: Random,
): { readonly edit: Edit; readonly message: string | undefined } | undefined {
	const text = tree.get(fn.path);
	if (text === undefined) return undefined;
	const lines = text.split("\n");
	const sites: number[] = [];
	for (let at = fn.from + 1; at <= fn.to; at += 1) if (throwing.test(lines[at] ?? "")) sites.push(at);
	if (sites.length > 0) {
		const at = pick(sites, random);
		const line = lines[at] ?? "";
		const message = /["'`]([\w ,.]{12,80})["'`]/.exec(line)?.[1];
		const edit = editOf(fn.path, lines, at, at + 1, [line.replace(throwing, `$1"${code}", `)], "raise");
		return apply(text, edit) === undefined ? undefined : { edit, message };
	}
	const at = fn.from + 1;
	const indent = /^\s*/.exec(lines[at] ?? "")?.[0] ?? "\t";
	const isPython = fn.path.endsWith(".py");
	const guard = isPython
		? [`${indent}if not ready_for("${fn.name}"):`, `${indent}    raise AppError("${code}")`]
		: [`${indent}if (!isReady("${fn.name}")) {`, `${indent}\tthrow new AppError("${code}")`, `${indent}}`];
	const edit = editOf(fn.path, lines, at, at, guard, "raise");
	return apply(text, edit) === undefined ? undefined : { edit, message: undefined };
}
