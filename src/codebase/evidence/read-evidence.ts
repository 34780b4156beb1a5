// Holds a code's events against the lines that raise it.

import type { Raise } from "../find/code-search.ts";
import type { Files } from "../trail/files.ts";
import { valueAt } from "../trail/references.ts";
import type { Caller, Trail } from "../trail/types.ts";
import { type Fit, fitsOf, type Shape, type Surroundings } from "./fit.ts";
import { keyOf, type Named, registrationsOf } from "./registrations.ts";
import { surroundingsOf } from "./surroundings.ts";

/** The events of a code. Epoch seconds. */
export interface Events {
	readonly shapes: readonly Shape[];
	readonly total: number;
	readonly from: number;
	readonly to: number;
}

/** Why there are none to be held against the lines, in words. */
export interface NoEvents {
	readonly none: string;
}

/** Asks production for the events of the searched code. Called only where several lines raise it. */
export type AskEvents = (signal: AbortSignal) => Promise<Events | NoEvents>;

export interface Evidence {
	readonly events: Events | NoEvents;
	/** By path and line. */
	readonly fits: ReadonlyMap<string, Fit>;
}

/** Of a caller's function. */
const maxText = 3000;

export async function readEvidence(
	files: Files,
	raises: readonly Raise[],
	trail: Promise<Trail | undefined>,
	ask: AskEvents,
): Promise<Evidence> {
	const [events, known] = await Promise.all([ask(files.options.signal), trail]);
	if ("none" in events || events.total === 0) return { events, fits: new Map() };
	const holders = await Promise.all(raises.map((raise) => holdersOf(files, raise)));
	const registered = await registrationsOf(files, holders.flat());
	const lines: Surroundings[] = [];
	for (const [index, { path, place }] of raises.entries()) {
		files.options.signal.throwIfAborted();
		const here = await files.tree(path, (root, text) => {
			const value = valueAt(root, text, place);
			return value === undefined ? undefined : surroundingsOf(value, path);
		});
		const calling =
			known?.callers.filter(({ origins }) => origins.includes(placeKey(path, place.line))) ?? [];
		const callers = await Promise.all(calling.map((caller) => textOf(files, caller)));
		const nothing = { statement: "", held: [], failed: [], inside: "", place: path };
		const handed = (holders[index] ?? []).flatMap((holder) => registered.get(keyOf(holder)) ?? []);
		const own = here ?? nothing;
		// What a line's only caller asks before it calls holds at the line too.
		const [only] = calling;
		const asked = only !== undefined && calling.length === 1 ? await conditionsOf(files, only) : undefined;
		lines.push({
			...own,
			held: [...own.held, ...(asked?.held ?? [])],
			failed: [...own.failed, ...(asked?.failed ?? [])],
			callers: [...callers, ...handed].join("\n"),
		});
	}
	const fits = fitsOf(events.shapes, lines);
	return {
		events,
		fits: new Map(
			raises.flatMap(({ path, place }, index) => {
				const fit = fits[index];
				return fit === undefined ? [] : [[placeKey(path, place.line), fit] as const];
			}),
		),
	};
}

export function placeKey(path: string, line: number): string {
	return `${path}:${line}`;
}

/** The conditions under which a caller calls. */
async function conditionsOf(
	files: Files,
	{ path, line, calls }: Caller,
): Promise<Pick<Surroundings, "held" | "failed"> | undefined> {
	return files.tree(path, (root, text) => {
		const column = (text.split("\n")[line - 1] ?? "").indexOf(calls);
		if (column < 0) return undefined;
		const node = valueAt(root, text, { line, column, matched: calls, whole: true });
		return node === undefined ? undefined : surroundingsOf(node, path);
	});
}

/** The named function around a raising line, and its class. */
async function holdersOf(files: Files, { path, place }: Raise): Promise<readonly Named[]> {
	const facts = await files.facts(path);
	const around = facts?.definitions.findLast(({ from, to }) => from <= place.line && place.line <= to);
	return [around?.name, around?.holder].flatMap((name) => (name === undefined ? [] : [{ path, name }]));
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
