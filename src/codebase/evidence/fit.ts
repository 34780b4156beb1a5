// How well raising lines fit what the events say: provider, action, HTTP status, skill.

import {
	type Comparison,
	type Condition,
	comparisonsOf,
	type FieldName,
	fieldNames,
	outcomeOf,
	type Proof,
	plain,
	type Shape,
} from "./condition.ts";
import type { Surroundings } from "./surroundings.ts";

/** How well one line fits. */
export interface Fit {
	/** Events that fit this line, and no other line better. */
	readonly events: number;
	/** Of those, what the code says too, such as `provider gmail`; the most frequent first. */
	readonly because: readonly string[];
	readonly score: number;
	/** Events that it cannot have raised. */
	readonly against: number;
}

/** The line that more events fit comes first, then the one that they fit better, then the one that fewer contradict. */
export function byFit(one: Fit | undefined, other: Fit | undefined): number {
	return (
		(other?.events ?? 0) - (one?.events ?? 0) ||
		(other?.score ?? 0) - (one?.score ?? 0) ||
		(one?.against ?? 0) - (other?.against ?? 0)
	);
}

/** By what the conditions say of a field. */
const proofWeights: Readonly<Record<Proof, number>> = { value: 8, range: 4, left: 2 };
/** By how near a value's name stands to the line. */
const wordWeights = { near: 8, asked: 6, place: 4, calls: 4, inside: 3, callers: 2 } as const;
const parts = ["near", "asked", "place", "calls", "inside", "callers"] as const;
type Part = (typeof parts)[number];

interface Match {
	readonly score: number;
	readonly because: readonly string[];
}

const noMatch: Match = { score: 0, because: [] };

/** @returns in the order of the lines */
export function fitsOf(shapes: readonly Shape[], lines: readonly Surroundings[]): readonly Fit[] {
	const fieldOf = fieldsOf(shapes, lines);
	const read = lines.map((line) => ({
		words: wordsOf(line),
		statuses: writtenStatuses(line.statement),
		line,
	}));
	const totals = lines.map(() => ({ events: 0, score: 0, against: 0, because: new Map<string, number>() }));
	for (const shape of shapes) {
		const matches = read.map((one) => matchOf(shape, one, fieldOf));
		const best = Math.max(0, ...matches.map((match) => match?.score ?? 0));
		matches.forEach((match, index) => {
			const total = totals[index];
			if (total === undefined) return;
			if (match === undefined) total.against += shape.count;
			if (match === undefined || match.score === 0) return;
			total.score += match.score * shape.count;
			if (match.score < best) return;
			total.events += shape.count;
			for (const word of match.because) total.because.set(word, (total.because.get(word) ?? 0) + shape.count);
		});
	}
	return totals.map(({ because, ...total }) => ({
		...total,
		because: [...because].sort(([, one], [, other]) => other - one).map(([word]) => word),
	}));
}

interface Read {
	readonly line: Surroundings;
	readonly words: Readonly<Record<Part, ReadonlySet<string>>>;
	/** HTTP statuses that the raising statement writes. */
	readonly statuses: ReadonlySet<number>;
}

function wordsOf({ statement, asked, place, calls, inside, callers }: Surroundings): Read["words"] {
	return {
		near: tokens(statement),
		asked: tokens(asked),
		place: tokens(place),
		calls: tokens(calls),
		inside: tokens(inside),
		callers: tokens(callers),
	};
}

/** Undefined where the line cannot have raised the event. */
function matchOf(
	shape: Shape,
	{ line, words, statuses }: Read,
	fieldOf: (comparison: Comparison) => FieldName | undefined,
): Match | undefined {
	// A status that the line itself writes is the event's, whatever the one was that it answers to.
	const isWritten = shape.httpStatus !== null && statuses.has(shape.httpStatus);
	const known = isWritten ? { ...shape, httpStatus: null } : shape;
	const all: Condition = { kind: "all", of: line.conditions };
	const { holds, proofs } = outcomeOf(all, known, fieldOf);
	if (holds === false) return undefined;
	let score = 0;
	const because: string[] = [];
	for (const name of fieldNames) {
		const value = shape[name];
		if (value === null) continue;
		const proof = proofs.get(name);
		const byCondition = proof === undefined ? 0 : proofWeights[proof];
		const byWord = typeof value === "string" ? weightOf(value, words) : isWritten ? wordWeights.near : 0;
		const weight = Math.max(byCondition, byWord);
		if (weight === 0) continue;
		score += weight;
		because.push(`${name === "httpStatus" ? "status" : name} ${value}`);
	}
	return score === 0 ? noMatch : { score, because };
}

function weightOf(value: string, words: Read["words"]): number {
	const wanted = plain(value);
	if (wanted.length < 2) return 0;
	const found = parts.find((part) => words[part].has(wanted));
	if (found !== undefined) return wordWeights[found];
	// `google` in `googleCalendar`: weaker than the word itself.
	if (wanted.length < 4) return 0;
	const inside = parts.find((part) => [...words[part]].some((word) => word.includes(wanted)));
	return inside === undefined ? 0 : wordWeights[inside] / 2;
}

/** Names under which code compares a field; a weak one says it only beside a value that events have. */
const surely: Readonly<Record<FieldName, RegExp>> = {
	provider: /provider|integration|vendor/i,
	action: /action|operation/i,
	skill: /skill|slug/i,
	httpStatus: /status|code|http|^st$/i,
};
/** What is measured in numbers of three digits too. */
const measured =
	/(length|count|size|total|limit|used|seconds|timeout|width|height|port|attempts?)$|^(age|days|hours|ms)$/i;

/** Of which field a comparison asks: by the values that events have, by its name, by what else the name is compared with. */
function fieldsOf(
	shapes: readonly Shape[],
	lines: readonly Surroundings[],
): (comparison: Comparison) => FieldName | undefined {
	const known = new Map<FieldName, ReadonlySet<string>>(
		fieldNames.map((name) => [
			name,
			new Set(shapes.flatMap((shape) => (shape[name] === null ? [] : [plain(String(shape[name]))]))),
		]),
	);
	const ofValues = ({ subject, values }: Comparison) => {
		const found = fieldNames.filter((name) =>
			values.some((value) => known.get(name)?.has(plain(value)) === true),
		);
		const [first] = found;
		if (first === "httpStatus" && measured.test(subject)) return undefined;
		return found.length === 1 ? first : found.find((name) => surely[name].test(subject));
	};
	const learned = new Map<string, FieldName>();
	for (const comparison of lines.flatMap(({ conditions }) => conditions.flatMap(comparisonsOf))) {
		const name = comparison.subject === "" ? undefined : ofValues(comparison);
		if (name !== undefined) learned.set(comparison.subject, name);
	}
	const isStatus = ({ values }: Comparison) =>
		values.length > 0 && values.every((value) => /^[1-5]\d\d$/.test(value));
	return (comparison) => {
		const { subject } = comparison;
		if (subject === "") return ofValues(comparison);
		const name =
			ofValues(comparison) ?? learned.get(subject) ?? fieldNames.find((one) => surely[one].test(subject));
		return (name === "httpStatus") === isStatus(comparison) ? name : undefined;
	};
}

/** `new Fault("CODE", 429)`, `{ status: 429 }`: not a number of another kind. */
function writtenStatuses(statement: string): ReadonlySet<number> {
	const found = statement.matchAll(
		/(?:^|[(,[]|(?:status|code)\w*["']?:)\s{0,3}([1-5]\d\d)\b(?!\s*[<>*+%])/gi,
	);
	return new Set([...found].map(([, digits]) => Number(digits)));
}

/** Names and their parts: `sendDraft` is `senddraft`, `send`, `draft`; so are `send_draft` and `"send-draft"`. */
function tokens(text: string): ReadonlySet<string> {
	const found = new Set<string>();
	for (const [name] of text.slice(0, 20_000).matchAll(/[A-Za-z][A-Za-z0-9_-]{1,80}/g)) {
		found.add(plain(name));
		for (const [part] of name.matchAll(/[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])/g)) found.add(part.toLowerCase());
	}
	return found;
}
