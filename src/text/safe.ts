// The one door for text that leaves the server: only what has passed it can be answered or logged.

import { maskPersonal } from "./personal.ts";
import { isPlain } from "./plain.ts";
import { maskSecrets } from "./secrets.ts";
import { visible } from "./untrusted.ts";

declare const passed: unique symbol;

/** What has passed the door. Only this file makes one, so that nothing unmasked fits where one is wanted. */
export type Safe<T> = T & { readonly [passed]: true };
export type SafeText = Safe<string>;

/** What the user lets be seen. Secrets are never shown. */
export interface Shown {
	/** Whether e-mail addresses stay as they are. */
	readonly showPersonalData: boolean;
}

/** Of code and of what a caller wrote: addresses there are not production's. */
export const secretsOnly: Shown = { showPersonalData: true };
/** Of the log, which hosts keep in files. */
export const nothingPersonal: Shown = { showPersonalData: false };

/** A text without secrets, and with nothing in it that cannot be seen. What passed once passes unchanged. */
export function safeText(text: string, shown: Shown): SafeText {
	return branded(cleaned(text, shown));
}

/**
 * The same facts with every text in them safe, names as well as values. What is undefined is left out.
 *
 * A cursor stays as it is, since it has to come back unaltered: under its name, and only in a cursor's letters.
 */
export function safeFacts<T extends object>(facts: T, shown: Shown): Safe<T> {
	// The same few names fill a table.
	const known = new Map<string, string>();
	const clean = (text: string): string => {
		const before = known.get(text);
		if (before !== undefined) return before;
		const after = cleaned(text, shown);
		known.set(text, after);
		return after;
	};
	const walk = (value: unknown, name: string): unknown => {
		if (typeof value === "string") return name === "next_cursor" && isCursor(value) ? value : clean(value);
		if (Array.isArray(value)) return value.map((item) => walk(item, ""));
		if (typeof value !== "object" || value === null) return value;
		return Object.fromEntries(
			Object.entries(value)
				.filter(([, inner]) => inner !== undefined)
				.map(([key, inner]) => [clean(key), walk(inner, key)]),
		);
	};
	// Texts stay texts, and what is undefined was optional: the type is the same.
	return branded(walk(facts, "") as T);
}

/** Text that is made of safe facts, and of nothing else but our own words. */
export function renderedFrom<T extends object>(facts: Safe<T>, render: (facts: Safe<T>) => string): SafeText {
	return branded(render(facts));
}

/** Safe texts in one. */
export function joined(texts: readonly SafeText[], between: "" | " " | "\n"): SafeText {
	return branded(texts.join(between));
}

/** Without secrets, and else byte for byte: a diff that is applied. */
export function exactText(text: string): SafeText {
	return branded(maskSecrets(text));
}

/** A cursor, as it has to come back; anything else is a text like any other. */
export function safeCursor(cursor: string): SafeText {
	return isCursor(cursor) ? branded(cursor) : safeText(cursor, nothingPersonal);
}

/** A file of ours as it was built, such as a view for hosts. */
export function builtText(text: string): SafeText {
	return branded(text);
}

function isCursor(text: string): boolean {
	// It may be led by the name of a repository.
	return /^(?:[A-Za-z][\w.-]{1,39}:)?[A-Za-z0-9_-]{1,12000}$/.test(text);
}

function cleaned(text: string, { showPersonalData }: Shown): string {
	if (isPlain(text)) return text;
	const mask = (given: string) => (showPersonalData ? maskSecrets(given) : maskPersonal(maskSecrets(given)));
	const masked = mask(text);
	const seen = visible(masked);
	// What was made visible is longer, and may have become what is masked.
	return seen === masked ? masked : mask(seen);
}

function branded<T>(value: T): Safe<T> {
	return value as Safe<T>;
}
