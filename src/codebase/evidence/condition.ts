// Conditions of code as plain data, and whether they hold for an event: yes, no, or not known.

/** What an event says of itself; empty fields are null. */
export interface Shape {
	readonly provider: string | null;
	readonly action: string | null;
	readonly httpStatus: number | null;
	readonly skill: string | null;
	readonly count: number;
}

export const fieldNames = ["provider", "action", "skill", "httpStatus"] as const;
export type FieldName = (typeof fieldNames)[number];

export type Sign = "in" | "not in" | "has" | "has not" | "<" | "<=" | ">" | ">=";

/** `status === 429`, `["gmail"].includes(provider)`, a case of a switch. */
export interface Comparison {
	readonly kind: "compare";
	/** The last name of what is compared. */
	readonly subject: string;
	readonly sign: Sign;
	readonly values: readonly string[];
	/** Names whose values are not known yet: `Status.Gone` of another file. */
	readonly names: readonly string[];
}

export type Condition =
	| Comparison
	| { readonly kind: "all" | "any"; readonly of: readonly Condition[] }
	/** A flag, a predicate or an error's class that another file defines. */
	| { readonly kind: "named"; readonly name: string; readonly isNot: boolean }
	| { readonly kind: "unknown" };

export const unknown: Condition = { kind: "unknown" };

const opposite: Readonly<Record<Sign, Sign>> = {
	in: "not in",
	"not in": "in",
	has: "has not",
	"has not": "has",
	"<": ">=",
	"<=": ">",
	">": "<=",
	">=": "<",
};

export function not(condition: Condition): Condition {
	switch (condition.kind) {
		case "compare":
			return { ...condition, sign: opposite[condition.sign] };
		case "all":
			return { kind: "any", of: condition.of.map(not) };
		case "any":
			return { kind: "all", of: condition.of.map(not) };
		case "named":
			return { ...condition, isNot: !condition.isNot };
		case "unknown":
			return condition;
	}
}

/** How much a field that a condition holds for says: its value itself, a range, or that others are excluded. */
export type Proof = "value" | "range" | "left";
const strength: Readonly<Record<Proof, number>> = { value: 2, range: 1, left: 0 };

export interface Outcome {
	/** Undefined where the event or the code does not tell. */
	readonly holds: boolean | undefined;
	readonly proofs: ReadonlyMap<FieldName, Proof>;
}

const noProofs: ReadonlyMap<FieldName, Proof> = new Map();
const nothing: Outcome = { holds: undefined, proofs: noProofs };

export function outcomeOf(
	condition: Condition,
	shape: Shape,
	fieldOf: (comparison: Comparison) => FieldName | undefined,
): Outcome {
	switch (condition.kind) {
		case "compare":
			return compared(condition, shape, fieldOf(condition));
		case "all":
		case "any": {
			const parts = condition.of.map((part) => outcomeOf(part, shape, fieldOf));
			return condition.kind === "all" ? allOf(parts) : anyOf(parts);
		}
		case "named":
		case "unknown":
			return nothing;
	}
}

function allOf(parts: readonly Outcome[]): Outcome {
	if (parts.some(({ holds }) => holds === false)) return { holds: false, proofs: noProofs };
	return {
		holds: parts.every(({ holds }) => holds === true) ? true : undefined,
		proofs: strongest(parts),
	};
}

function anyOf(parts: readonly Outcome[]): Outcome {
	if (parts.length > 0 && parts.every(({ holds }) => holds === false))
		return { holds: false, proofs: noProofs };
	const held = parts.filter(({ holds }) => holds === true);
	return held.length === 0 ? nothing : { holds: true, proofs: strongest(held) };
}

function strongest(parts: readonly Outcome[]): ReadonlyMap<FieldName, Proof> {
	const best = new Map<FieldName, Proof>();
	for (const [name, proof] of parts.flatMap(({ proofs }) => [...proofs])) {
		const known = best.get(name);
		if (known === undefined || strength[proof] > strength[known]) best.set(name, proof);
	}
	return best;
}

function compared({ sign, values, names }: Comparison, shape: Shape, name: FieldName | undefined): Outcome {
	const value = name === undefined ? null : shape[name];
	if (name === undefined || value === null) return nothing;
	const told = (holds: boolean, proof: Proof): Outcome => ({
		holds,
		proofs: holds ? new Map([[name, proof]]) : noProofs,
	});
	switch (sign) {
		case "in":
		case "has": {
			const alike = likeness(value, values, sign);
			if (alike === "same") return told(true, "value");
			return alike === "near" || names.length > 0 ? nothing : told(false, "value");
		}
		case "not in":
		case "has not": {
			const alike = likeness(value, values, sign === "not in" ? "in" : "has");
			if (alike === "same") return told(false, "left");
			return alike === "near" || names.length > 0 ? nothing : told(true, "left");
		}
		case "<":
		case "<=":
		case ">":
		case ">=": {
			const [bound] = values.map(Number);
			if (bound === undefined || Number.isNaN(bound) || typeof value !== "number") return nothing;
			return told(inRange(value, sign, bound), "range");
		}
	}
}

function inRange(value: number, sign: "<" | "<=" | ">" | ">=", bound: number): boolean {
	switch (sign) {
		case "<":
			return value < bound;
		case "<=":
			return value <= bound;
		case ">":
			return value > bound;
		case ">=":
			return value >= bound;
	}
}

/** `google` and `google-calendar` may be names of one thing: neither the same nor surely another. */
function likeness(
	value: string | number,
	values: readonly string[],
	sign: "in" | "has",
): "same" | "near" | "other" {
	const wanted = plain(String(value));
	const all = values.map(plain);
	if (all.some((one) => (sign === "in" ? one === wanted : wanted.includes(one)))) return "same";
	if (typeof value === "number") return "other";
	const isPart = (one: string, whole: string) => one.length >= 4 && whole.includes(one);
	return all.some((one) => isPart(one, wanted) || isPart(wanted, one)) ? "near" : "other";
}

export function plain(text: string): string {
	return text.toLowerCase().replace(/[^a-z0-9]/g, "");
}

/** All comparisons of a condition. */
export function comparisonsOf(condition: Condition): readonly Comparison[] {
	switch (condition.kind) {
		case "compare":
			return [condition];
		case "all":
		case "any":
			return condition.of.flatMap(comparisonsOf);
		case "named":
		case "unknown":
			return [];
	}
}
