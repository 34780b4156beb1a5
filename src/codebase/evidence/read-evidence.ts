// Holds a code's events against the lines that raise it.

import type { Raise } from "../find/code-search.ts";
import type { Files } from "../trail/files.ts";
import { valueAt } from "../trail/references.ts";
import type { Trail } from "../trail/types.ts";
import type { Condition, Shape } from "./condition.ts";
import { byFit, type Fit, fitsOf } from "./fit.ts";
import { readCallers } from "./read-callers.ts";
import { keyOf, type Named, registrationsOf, type Use } from "./registrations.ts";
import { resolveNames, textsNamed } from "./resolve-names.ts";
import { type Surroundings, surroundingsOf } from "./surroundings.ts";

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
	/** Raising lines that no other one fits better than, by path and line; several where events don't tell them apart. */
	readonly leading: ReadonlySet<string>;
}

export async function readEvidence(
	files: Files,
	raises: readonly Raise[],
	trail: Promise<Trail | undefined>,
	ask: AskEvents,
): Promise<Evidence> {
	const [events, known] = await Promise.all([ask(files.options.signal), trail]);
	if ("none" in events || events.total === 0) return { events, fits: new Map(), leading: new Set() };
	const holders = await Promise.all(raises.map((raise) => holdersOf(files, raise)));
	const registered = await registrationsOf(files, holders.flat());
	const lines: Surroundings[] = [];
	for (const [index, { path, place }] of raises.entries()) {
		files.options.signal.throwIfAborted();
		const here = await files.tree(path, (root, text) => {
			const value = valueAt(root, text, place);
			return value === undefined ? undefined : surroundingsOf(value, path);
		});
		const own = here ?? { statement: "", conditions: [], asked: "", inside: "", place: path };
		const calling =
			known?.callers.filter(({ origins }) => origins.includes(placeKey(path, place.line))) ?? [];
		const used = (holders[index] ?? []).flatMap((holder) => registered.get(keyOf(holder)) ?? []);
		const callers = await readCallers(files, calling, holders[index]?.[0]?.name);
		const all = await Promise.all(own.conditions.map((one) => resolveNames(files, path, one)));
		lines.push({
			...own,
			place: [own.place, await textsNamed(files, path, [own.statement, own.place].join("\n"))].join("\n"),
			conditions: [...all, ...callers.conditions, ...anyUse(used, calling.length)],
			calls: [...callers.calls, ...used.map(({ beside }) => beside)].join("\n"),
			callers: callers.texts.join("\n"),
		});
	}
	const fits = fitsOf(events.shapes, lines);
	const byPlace = raises.flatMap(({ path, place }, index) => {
		const fit = fits[index];
		return fit === undefined ? [] : [[placeKey(path, place.line), fit] as const];
	});
	const [best] = [...fits].sort(byFit);
	return {
		events,
		fits: new Map(byPlace),
		leading: new Set(byPlace.filter(([, fit]) => byFit(fit, best) === 0).map(([key]) => key)),
	};
}

export function placeKey(path: string, line: number): string {
	return `${path}:${line}`;
}

/** The named function around a raising line, and its class. */
async function holdersOf(files: Files, { path, place }: Raise): Promise<readonly Named[]> {
	const facts = await files.facts(path);
	const around = facts?.definitions.findLast(({ from, to }) => from <= place.line && place.line <= to);
	return [around?.name, around?.holder].flatMap((name) => (name === undefined ? [] : [{ path, name }]));
}

/** A function that is only handed over: one of the uses leads to it. */
function anyUse(uses: readonly Use[], callers: number): readonly Condition[] {
	return callers > 0 || uses.length === 0
		? []
		: [{ kind: "any", of: uses.map(({ conditions }) => ({ kind: "all", of: conditions })) }];
}
