// Small changes of code: those that break something, and those that look like it.

import type { Fn } from "./suspects-graph.ts";
import { pick, shuffle } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

/** A block of lines and what stands in its place; applied to every later version of the file. */
export interface Edit {
	readonly path: string;
	readonly old: string;
	readonly now: string;
	readonly kind: string;
}

/** @returns undefined where the block does not stand there, or stands there twice */
export function apply(text: string, { old, now }: Edit): string | undefined {
	const at = text.indexOf(old);
	if (at < 0 || text.indexOf(old, at + 1) >= 0) return undefined;
	return text.slice(0, at) + now + text.slice(at + old.length);
}

/** With a line of context on both sides, so that the block is found again. */
export function editOf(
	path: string,
	lines: readonly string[],
	from: number,
	to: number,
	now: readonly string[],
	kind: string,
): Edit {
	const before = lines[from - 1];
	const after = lines[to];
	const around = (middle: readonly string[]) =>
		[...(before === undefined ? [] : [before]), ...middle, ...(after === undefined ? [] : [after])].join(
			"\n",
		);
	return { path, kind, old: around(lines.slice(from, to)), now: around(now) };
}

type Mutation = (line: string, random: Random, next: string) => readonly string[] | undefined;

const skipped = /^\s*(?:\/\/|\*|\/\*|#|import\b|export\s*\{|"""|@)/;

/** Each gives the lines that take the place of one, or undefined where it does not fit. */
const mutations: Readonly<Record<string, Mutation>> = {
	number: (line, random) => {
		const numbers = [...line.matchAll(/(?<![\w.#"'])(\d+)(?![\w."'])/g)];
		if (numbers.length === 0) return undefined;
		const match = pick(numbers, random);
		const value = Number(match[1]);
		const other = pick([value * 10, Math.floor(value / 10), value + 1, value * 2, value - 1], random);
		if (other === value || other < 0) return undefined;
		return [line.slice(0, match.index) + other + line.slice(match.index + (match[1] ?? "").length)];
	},
	compare: (line, random) => {
		const swaps: readonly (readonly [RegExp, string])[] = [
			[/===/, "!=="],
			[/!==/, "==="],
			[/ < /, " <= "],
			[/ > /, " >= "],
			[/ >= /, " > "],
			[/ <= /, " < "],
			[/ && /, " || "],
			[/ \|\| /, " && "],
			[/ \?\? /, " || "],
			[/ == /, " != "],
			[/ and /, " or "],
			[/ is not None/, " is None"],
		];
		const fitting = swaps.filter(([from]) => from.test(line));
		if (fitting.length === 0) return undefined;
		const [from, to] = pick(fitting, random);
		return [line.replace(from, to)];
	},
	negate: (line) => {
		const found = /^(\s*(?:\} else )?if \()(.+)(\)\s*(?:\{|return.*|throw.*|continue;?|break;?)?)$/.exec(
			line,
		);
		if (found === null) return undefined;
		const [, head = "", condition = "", tail = ""] = found;
		return [
			condition.startsWith("!") ? `${head}${condition.slice(1)}${tail}` : `${head}!(${condition})${tail}`,
		];
	},
	drop_guard: (line) => (/^\s*if \(.+\) (?:return|throw|continue|break)\b.*$/.test(line) ? [] : undefined),
	drop_line: (line) =>
		/^\s*(?:await )?[\w.$#]+\([^()]*\);?$/.test(line) || /^\s*[\w.$#]+ = [^{([]+;?$/.test(line)
			? []
			: undefined,
	wrong_value: (line) => {
		const found = /^(\s*(?:return|[\w.$]+ =) )(.+?)(;?)$/.exec(line);
		if (found === null || /[{[(]$/.test(line)) return undefined;
		return [
			`${found[1]}${/^(?:true|false)$/.test(found[2] ?? "") ? (found[2] === "true" ? "false" : "true") : `${found[2]} || null`}${found[3]}`,
		];
	},
	new_condition: (line, _, next) => {
		const found = /^(\s*)(?:const|let|var) (\w+) = .+;?$/.exec(line);
		if (found === null || /[{[(,]$/.test(line) || /^\s*[.?:)\]}]/.test(next)) return undefined;
		const [, indent = "", name = ""] = found;
		return [line, `${indent}if (!${name}) {`, `${indent}\treturn`, `${indent}}`];
	},
	drop_argument: (line) => {
		const found = /^(.*\b\w+\([^()]+), [\w.]+(\).*)$/.exec(line);
		return found === null ? undefined : [`${found[1]}${found[2]}`];
	},
};
const kinds = Object.keys(mutations);

/** A change inside a function, of any kind or of the given ones; undefined where nothing fits. */
export function mutate(
	text: string,
	fn: Fn,
	random: Random,
	wanted: readonly string[] = kinds,
): Edit | undefined {
	const lines = text.split("\n");
	const places = Array.from({ length: fn.to - fn.from - 1 }, (_, index) => fn.from + 1 + index);
	const order = [...wanted];
	shuffle(order, random);
	for (const kind of order) {
		shuffle(places, random);
		for (const at of places.slice(0, 40)) {
			const line = lines[at] ?? "";
			if (skipped.test(line) || line.trim() === "") continue;
			const now = mutations[kind]?.(line, random, lines[at + 1] ?? "");
			if (now === undefined) continue;
			const edit = editOf(fn.path, lines, at, at + 1, now, kind);
			if (apply(text, edit) !== undefined) return edit;
		}
	}
	return undefined;
}

/** More lines in the same function that do nothing: culprits are not always small. */
export function padded(edit: Edit, random: Random): Edit {
	if (random() < 0.55) return edit;
	const lines = edit.now.split("\n");
	const indent = /^\s*/.exec(lines[1] ?? lines[0] ?? "")?.[0] ?? "";
	const sign = edit.path.endsWith(".py") ? "#" : "//";
	const extra = Array.from({ length: 1 + Math.floor(random() * 5) }, (_, index) =>
		random() < 0.5 ? `${indent}${sign} step ${index + 1} of the new flow` : `${indent}void ${index}`,
	).filter((line) => !edit.path.endsWith(".py") || line.trim().startsWith("#"));
	return { ...edit, now: [lines[0] ?? "", ...extra, ...lines.slice(1)].join("\n") };
}

/** Changes of a file that change no behaviour. */
export function refactor(path: string, text: string, fns: readonly Fn[], random: Random): Edit | undefined {
	const lines = text.split("\n");
	const inFile = fns.filter((fn) => fn.path === path && fn.to - fn.from > 2);
	if (inFile.length === 0) return undefined;
	const order = ["comments", "layout", "rename", "move"];
	shuffle(order, random);
	for (const kind of order) {
		const fn = pick(inFile, random);
		const body = lines.slice(fn.from, fn.to + 1);
		const now = refactored(kind, body, path, random);
		if (now === undefined || now.join("\n") === body.join("\n")) continue;
		const edit = editOf(path, lines, fn.from, fn.to + 1, now, kind);
		if (apply(text, edit) !== undefined) return edit;
	}
	return undefined;
}

function refactored(
	kind: string,
	body: readonly string[],
	path: string,
	random: Random,
): readonly string[] | undefined {
	const sign = path.endsWith(".py") ? "#" : "//";
	const indent = /^\s*/.exec(body[1] ?? "")?.[0] ?? "";
	switch (kind) {
		case "comments":
			return [body[0] ?? "", `${indent}${sign} What follows was checked by hand.`, ...body.slice(1)];
		case "layout":
			if (path.endsWith(".py")) return undefined;
			return body.map((line, index) =>
				index > 0 && index < body.length - 1 && line.trim() !== "" ? `  ${line}` : line,
			);
		case "rename": {
			const names = body.flatMap((line) => /\b(?:const|let|var) (\w{3,})\b/.exec(line)?.[1] ?? []);
			if (names.length === 0) return undefined;
			const name = pick(names, random);
			if (
				body.some((line) =>
					new RegExp(`[.'"\`]${name}\\b|\\b${name}\\s*:|\\{[^}]*\\b${name}\\b[^}]*\\}`).test(line),
				)
			)
				return undefined;
			return body.map((line) => line.replaceAll(new RegExp(`\\b${name}\\b`, "g"), `${name}Value`));
		}
		default:
			return undefined;
	}
}

/** A new function at the end of a file, and its lines are many. */
export function loudAddition(path: string, text: string, random: Random): Edit | undefined {
	const lines = text.split("\n");
	const at = lines.length - 1;
	const number = Math.floor(random() * 1000);
	const count = 30 + Math.floor(random() * 60);
	const isPython = path.endsWith(".py");
	const body = Array.from({ length: count }, (_, index) =>
		isPython ? `    total_${index} = ${index} * ${number}` : `\tconst total${index} = ${index} * ${number}`,
	);
	const head = isPython ? `def summary_${number}():` : `function summary${number}() {`;
	const edit = editOf(
		path,
		lines,
		at,
		at + 1,
		[lines[at] ?? "", head, ...body, isPython ? "" : "}", ""],
		"loud",
	);
	return apply(text, edit) === undefined ? undefined : edit;
}
