// What the callers of a raising line's function ask and give before it is reached.

import type { Files } from "../trail/files.ts";
import { valueAt } from "../trail/references.ts";
import type { Caller } from "../trail/types.ts";
import type { Condition } from "./condition.ts";
import { resolveNames } from "./resolve-names.ts";
import { surroundingsOf } from "./surroundings.ts";

/** Of a caller's function. */
const maxText = 3000;

export interface Calling {
	readonly conditions: readonly Condition[];
	/** The calls, with what is given to them. */
	readonly calls: readonly string[];
	/** The functions around them. */
	readonly texts: readonly string[];
}

/** @param name the raising function, whose own callers all have to be known for their conditions to count */
export async function readCallers(
	files: Files,
	callers: readonly Caller[],
	name: string | undefined,
): Promise<Calling> {
	const read = await Promise.all(
		callers.map(async (caller) => ({
			caller,
			call: await callOf(files, caller),
			text: await textOf(files, caller),
		})),
	);
	return {
		conditions: conditionsUp(read, name),
		calls: read.flatMap(({ call }) => (call === undefined ? [] : [call.statement])),
		texts: read.map(({ text }) => text),
	};
}

interface ReadCaller {
	readonly caller: Caller;
	readonly call: { readonly statement: string; readonly conditions: readonly Condition[] } | undefined;
}

/** One of the callers was taken; where there is one, the same holds for its own callers. */
function conditionsUp(read: readonly ReadCaller[], name: string | undefined): readonly Condition[] {
	const conditions: Condition[] = [];
	const seen = new Set<string>();
	let called = name;
	while (called !== undefined && !seen.has(called)) {
		seen.add(called);
		const direct = read.filter(({ caller }) => caller.calls === called);
		if (direct.length === 0) break;
		conditions.push({
			kind: "any",
			of: direct.map(({ call }) => ({ kind: "all", of: call?.conditions ?? [] })),
		});
		called = direct.length === 1 ? direct[0]?.caller.enclosing : undefined;
	}
	return conditions;
}

async function callOf(files: Files, { path, line, calls, givenTo }: Caller): Promise<ReadCaller["call"]> {
	const call = await files.tree(path, (root, text) => {
		const column = (text.split("\n")[line - 1] ?? "").indexOf(calls);
		if (column < 0) return undefined;
		const node = valueAt(root, text, { line, column, matched: calls, whole: true });
		return node === undefined ? undefined : surroundingsOf(node, path);
	});
	if (call === undefined) return undefined;
	return {
		statement: [call.statement, givenTo ?? ""].join("\n"),
		conditions: await Promise.all(call.conditions.map((one) => resolveNames(files, path, one))),
	};
}

async function textOf(files: Files, { path, line, enclosing, givenTo }: Caller): Promise<string> {
	const facts = await files.facts(path);
	const around = facts?.definitions.findLast(({ from, to }) => from <= line && line <= to);
	const body = await files.tree(path, (_, text) =>
		around === undefined
			? ""
			: text
					.split("\n")
					.slice(around.from - 1, around.to)
					.join("\n")
					.slice(0, maxText),
	);
	return [path, enclosing ?? "", givenTo ?? "", body ?? ""].join("\n");
}
