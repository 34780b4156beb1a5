// How well raising lines fit what the events say: provider, action, HTTP status, skill.

/** What an event says of itself; empty fields are null. */
export interface Shape {
	readonly provider: string | null;
	readonly action: string | null;
	readonly httpStatus: number | null;
	readonly skill: string | null;
	readonly count: number;
}

/** What stands around a raising line. */
export interface Surroundings {
	/** The raising statement. */
	readonly statement: string;
	/** Conditions that held where the line is reached, and those that did not. */
	readonly held: readonly string[];
	readonly failed: readonly string[];
	/** The names and texts of the function around it. */
	readonly inside: string;
	/** Where it stands: path, class, function. */
	readonly place: string;
	/** The same of the functions that call it. */
	readonly callers: string;
}

/** How well one line fits. */
export interface Fit {
	/** Events that fit this line, and no other line better. */
	readonly events: number;
	/** Of those, what the code says too, such as `provider gmail`; the most frequent first. */
	readonly because: readonly string[];
	readonly score: number;
}

/** The line that more events fit comes first, then the one that they fit better. */
export function byFit(one: Fit | undefined, other: Fit | undefined): number {
	return (other?.events ?? 0) - (one?.events ?? 0) || (other?.score ?? 0) - (one?.score ?? 0);
}

/** The fields, and the names under which code compares them. */
const fields = {
	provider: /provider|integration|service|vendor|platform/i,
	action: /action|operation|\bop\b|method/i,
	skill: /skill|slug/i,
} as const;
const fieldNames = ["provider", "action", "skill"] as const;
/** By how near a value stands to the line. */
const weights = { near: 8, inside: 3, place: 4, callers: 2 } as const;
const statusWeight = 8;
/** Of a value that only lines for other values exclude. */
const leftWeight = 2;

interface Match {
	readonly score: number;
	readonly because: readonly string[];
}

/** @returns in the order of the lines */
export function fitsOf(shapes: readonly Shape[], lines: readonly Surroundings[]): readonly Fit[] {
	const words = lines.map(wordsOf);
	const totals = lines.map(() => ({ events: 0, score: 0, because: new Map<string, number>() }));
	for (const shape of shapes) {
		const matches = words.map((line) => matchOf(shape, line));
		const best = Math.max(0, ...matches.map(({ score }) => score));
		matches.forEach(({ score, because }, index) => {
			const total = totals[index];
			if (total === undefined || score <= 0) return;
			total.score += score * shape.count;
			if (score < best) return;
			total.events += shape.count;
			for (const word of because) total.because.set(word, (total.because.get(word) ?? 0) + shape.count);
		});
	}
	return totals.map(({ events, score, because }) => ({
		events,
		score,
		because: [...because].sort(([, one], [, other]) => other - one).map(([word]) => word),
	}));
}

interface Words {
	readonly near: ReadonlySet<string>;
	readonly against: ReadonlySet<string>;
	readonly inside: ReadonlySet<string>;
	readonly place: ReadonlySet<string>;
	readonly callers: ReadonlySet<string>;
	readonly statuses: readonly StatusTest[];
	/** The values that a field has to have for the line to be reached; empty where it is not asked. */
	readonly compared: Readonly<Record<keyof typeof fields, ReadonlySet<string>>>;
	/** Whether other values of a field were handled before. */
	readonly excluded: Readonly<Record<keyof typeof fields, boolean>>;
}

function wordsOf({ statement, held, failed, inside, place, callers }: Surroundings): Words {
	// `provider !== "gmail"` that did not hold says that it is gmail.
	const positive = [...held.filter((text) => !isNegative(text)), ...failed.filter(isNegative)];
	const negative = [
		...held.filter(isNegative),
		...failed.filter((text) => !isNegative(text) && isSingle(text)),
	];
	return {
		near: tokens([statement, ...positive].join("\n")),
		against: literals(negative.join("\n")),
		inside: tokens(inside),
		place: tokens(place),
		callers: tokens(callers),
		compared: {
			provider: comparedIn(positive, fields.provider),
			action: comparedIn(positive, fields.action),
			skill: comparedIn(positive, fields.skill),
		},
		excluded: {
			provider: comparedIn(negative, fields.provider).size > 0,
			action: comparedIn(negative, fields.action).size > 0,
			skill: comparedIn(negative, fields.skill).size > 0,
		},
		statuses: [
			...held.flatMap((text) => statusTests(text, "held")),
			...failed.filter(isSingle).flatMap((text) => statusTests(text, "failed")),
			...statusTests(statement, "written"),
		],
	};
}

/** The texts that conditions compare a field with: `provider === "gmail"`, `["gmail"].includes(provider)`. */
function comparedIn(conditions: readonly string[], field: RegExp): ReadonlySet<string> {
	const parts = conditions
		.flatMap((text) => text.split(/&&|\band\b/))
		.filter((part) => !/\|\||\bor\b/.test(part));
	return new Set(
		parts
			.filter((part) => field.test(part.replace(/["'`][^"'`]*["'`]/g, "")))
			.flatMap((part) => [...literals(part)]),
	);
}

function isNegative(text: string): boolean {
	return /!==?|\bnot\b|^\s*\(?!/.test(text);
}

/** Of several conditions it is not known which one failed. */
function isSingle(text: string): boolean {
	return !/&&|\band\b/.test(text);
}

/** Zero or less where the line cannot have raised the event. */
function matchOf(shape: Shape, words: Words): Match {
	let score = 0;
	const because: string[] = [];
	for (const field of fieldNames) {
		const value = shape[field];
		const found = value === null ? 0 : weightOf(value, words);
		const wanted = words.compared[field];
		const isOther = value !== null && wanted.size > 0 && !wanted.has(plain(value));
		if (found < 0 || isOther) return { score: 0, because: [] };
		// What is left after other values of the field were handled.
		const isLeft = found === 0 && value !== null && words.excluded[field];
		score += isLeft ? leftWeight : found;
		if (found > 0 || isLeft) because.push(`${field} ${value}`);
	}
	const { httpStatus } = shape;
	if (httpStatus === null) return { score, because };
	const tests = words.statuses;
	const asked = tests.filter(({ by }) => by === "held");
	const isExcluded = tests.some(({ by, fits }) => by === "failed" && fits(httpStatus));
	if (isExcluded || (asked.length > 0 && !asked.some(({ fits }) => fits(httpStatus)))) {
		return { score: 0, because: [] };
	}
	if (tests.some(({ by, fits }) => by !== "failed" && fits(httpStatus))) {
		score += statusWeight;
		because.push(`status ${httpStatus}`);
	} else if (tests.some(({ by }) => by === "failed")) {
		// What is left after other statuses were handled.
		score += leftWeight;
		because.push(`status ${httpStatus}`);
	}
	return { score, because };
}

function weightOf(value: string, words: Words): number {
	const wanted = plain(value);
	if (wanted.length < 2) return 0;
	if (words.against.has(wanted)) return -1;
	for (const part of ["near", "place", "inside", "callers"] as const) {
		if (words[part].has(wanted)) return weights[part];
	}
	// `google` in `googleCalendar`: weaker than the word itself.
	if (wanted.length < 4) return 0;
	for (const part of ["near", "place", "inside", "callers"] as const) {
		if ([...words[part]].some((word) => word.includes(wanted))) return weights[part] / 2;
	}
	return 0;
}

/** A comparison with an HTTP status, or one that the raising statement writes. */
interface StatusTest {
	readonly by: "held" | "failed" | "written";
	readonly fits: (status: number) => boolean;
}

function statusTests(text: string, by: StatusTest["by"]): readonly StatusTest[] {
	return text.split(/&&|\|\||\band\b|\bor\b/).flatMap((part) => {
		// `used > 100` is no comparison with a status; `429` alone is a case of a switch.
		const isOfStatus = by === "written" || statusName.test(part) || /^\s*\W*\d{3}\W*$/.test(part);
		const found = isOfStatus ? part.matchAll(statusNumber) : [];
		return [...found].flatMap(([, sign = "", digits]): StatusTest[] => {
			// `status !== 429` that failed is as good as `status === 429` that held.
			return by === "failed" && sign.startsWith("!=")
				? [{ by: "held", fits: comparison("===", Number(digits)) }]
				: [{ by, fits: comparison(sign, Number(digits)) }];
		});
	});
}

const statusName = /status|code|http|\bst\b/i;
const statusNumber =
	/(===?|!==?|>=|<=|>|<|\bis|\bcase|^|\(|,|\[|["'`]|(?:status|code)\w*["']?:)\s{0,3}([1-5]\d\d)\b/gi;

function comparison(sign: string, number: number): (status: number) => boolean {
	switch (sign) {
		case ">=":
			return (status) => status >= number;
		case ">":
			return (status) => status > number;
		case "<=":
			return (status) => status <= number;
		case "<":
			return (status) => status < number;
		case "!==":
		case "!=":
			return (status) => status !== number;
		default:
			return (status) => status === number;
	}
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

/** Quoted texts only: a name in a condition that failed says nothing. */
function literals(text: string): ReadonlySet<string> {
	return new Set([...text.matchAll(/["'`]([\w -]{2,80})["'`]/g)].map(([, quoted = ""]) => plain(quoted)));
}

function plain(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}
