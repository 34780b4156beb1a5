// Numbers that a text states: literals, instants relative to now, and sums of them.
import { closing, type Place } from "../text/structure.ts";
import { is, nameOf } from "../text/tokens.ts";

const units: Readonly<Record<string, number>> = {
	second: 1,
	minute: 60,
	hour: 3600,
	day: 86_400,
	month: 31 * 86_400,
	year: 366 * 86_400,
};

/** The value of an expression that is a number whatever row it stands for; undefined for others. @param now seconds */
export function constantOf(places: readonly Place[], now: number): number | undefined {
	const [value, end] = sumAt(places, 0, now);
	return end === places.length ? value : undefined;
}

type Read = readonly [value: number | undefined, end: number];

function sumAt(places: readonly Place[], start: number, now: number): Read {
	let [value, at] = productAt(places, start, now);
	while (is(places[at]?.token, "+", "-")) {
		const isMinus = is(places[at]?.token, "-");
		const [other, end] = productAt(places, at + 1, now);
		value = value === undefined || other === undefined ? undefined : isMinus ? value - other : value + other;
		at = end;
	}
	return [value, at];
}

function productAt(places: readonly Place[], start: number, now: number): Read {
	let [value, at] = atomAt(places, start, now);
	while (is(places[at]?.token, "*", "/")) {
		const isQuotient = is(places[at]?.token, "/");
		const [other, end] = atomAt(places, at + 1, now);
		if (value === undefined || other === undefined) value = undefined;
		else value = isQuotient ? Math.trunc(value / other) : value * other;
		at = end;
	}
	return [value, at];
}

function atomAt(places: readonly Place[], at: number, now: number): Read {
	const token = places[at]?.token;
	if (is(token, "-", "+")) {
		const [value, end] = atomAt(places, at + 1, now);
		return [value === undefined || is(token, "+") ? value : -value, end];
	}
	if (token?.kind === "number") return [Number(token.text), at + 1];
	if (is(token, "(")) {
		const close = closing(places, at);
		return [constantOf(places.slice(at + 1, close), now), close + 1];
	}
	if (!is(places[at + 1]?.token, "(")) return [undefined, at];
	const close = closing(places, at + 1);
	const inside = places.slice(at + 2, close);
	switch (nameOf(token)?.toLowerCase()) {
		case "unixepoch":
			return [instantOf(inside, now), close + 1];
		case "strftime":
			return [inside[0]?.token.text === "'%s'" ? instantOf(inside.slice(2), now) : undefined, close + 1];
		case "cast":
			return [is(inside.at(-2)?.token, "AS") ? constantOf(inside.slice(0, -2), now) : undefined, close + 1];
		default:
			return [undefined, close + 1];
	}
}

/** `'now', '-1 day'`, as unixepoch() takes it. */
function instantOf(places: readonly Place[], now: number): number | undefined {
	if (places.length === 0) return now;
	const words = places.filter((_, index) => index % 2 === 0).map(({ token }) => token);
	if (words.some(({ kind }) => kind !== "string")) return undefined;
	const [first = "", ...modifiers] = words.map((token) => nameOf(token) ?? "");
	let at = first === "now" ? now : Date.parse(`${first.replace(" ", "T").replace(/Z$/, "")}Z`) / 1000;
	for (const modifier of modifiers) {
		const moved = /^([+-]?\d{1,6}) (second|minute|hour|day|month|year)s?$/.exec(modifier);
		const start = /^start of (day|month|year)$/.exec(modifier)?.[1];
		if (moved !== null) at += Number(moved[1]) * (units[moved[2] ?? ""] ?? Number.NaN);
		// No later than what it says.
		else if (start !== undefined) at -= units[start] ?? Number.NaN;
		else return undefined;
	}
	return Number.isFinite(at) ? at : undefined;
}

/** What a single literal says; undefined for all else. */
export function literalOf(words: readonly Place["token"][]): string | undefined {
	const [only] = words;
	if (words.length !== 1 || only === undefined) return undefined;
	if (only.kind === "string") return nameOf(only);
	return only.kind === "number" && /^\d{1,15}(\.\d{1,15})?$/.test(only.text) ? only.text : undefined;
}
