// Puts what other files define into conditions: `Status.Gone`, `isThrottled(reply)`, `error instanceof GoneError`.

import type { Files } from "../trail/files.ts";
import { type Comparison, type Condition, not, unknown } from "./condition.ts";
import { conditionNamed, Declared, type Values, valuesOf } from "./read-condition.ts";

export async function resolveNames(files: Files, path: string, condition: Condition): Promise<Condition> {
	switch (condition.kind) {
		case "compare":
			return condition.names.length === 0 ? condition : withValues(files, path, condition);
		case "all":
		case "any":
			return {
				...condition,
				of: await Promise.all(condition.of.map((part) => resolveNames(files, path, part))),
			};
		case "named": {
			const { name, isNot } = condition;
			const found = await definedAs(files, path, name, (node, declared) => conditionNamed(node, declared));
			const meant = found ?? unknown;
			return isNot ? not(meant) : meant;
		}
		case "unknown":
			return condition;
	}
}

async function withValues(files: Files, path: string, comparison: Comparison): Promise<Comparison> {
	const all = await Promise.all(
		comparison.names.map(async (name): Promise<Values> => {
			const found = await definedAs(files, path, name, (node, declared) => valuesOf(node, declared));
			return found ?? { values: [], names: [name] };
		}),
	);
	return {
		...comparison,
		values: [...comparison.values, ...all.flatMap(({ values }) => values)],
		names: all.flatMap(({ names }) => names),
	};
}

const maxNames = 12;

/** The texts of the constants that a text names, of those that other files define: `QUEUES.nightly`. */
export async function textsNamed(files: Files, path: string, text: string): Promise<string> {
	const names = new Set(
		text.match(/(?<![\w.$"'`-])[A-Z]\w+(?:\.\w+)?|(?<![\w.$"'`-])[a-z]\w*\.\w+(?![\w(])/g),
	);
	const all = await Promise.all(
		[...names]
			.slice(0, maxNames)
			.map((name) => definedAs(files, path, name, (node, declared) => valuesOf(node, declared)?.values)),
	);
	return all.flatMap((values) => values ?? []).join("\n");
}

async function definedAs<T>(
	files: Files,
	path: string,
	name: string,
	read: (node: Parameters<typeof conditionNamed>[0], declared: Declared) => T | undefined,
): Promise<T | undefined> {
	const [first = "", ...members] = name.split(".");
	const meant = await files.meaning(path, first);
	if (meant === undefined) return undefined;
	// Of `import * as status`, the member is the name.
	const own = (meant.name === "*" ? members : [meant.name, ...members]).join(".");
	return files.tree(meant.path, (root) => {
		const declared = new Declared(root);
		const node = declared.of(own, root);
		return node === undefined ? undefined : read(node, declared);
	});
}
