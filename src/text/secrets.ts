// What is shaped like a key, a token or a password is not shown, wherever it came from.

import { folded } from "./secrets/folded.ts";
import type { FoundSecret } from "./secrets/found.ts";
import { findNamed } from "./secrets/named.ts";
import { findShapes } from "./secrets/shapes.ts";
import { findTokens } from "./secrets/tokens.ts";

/** No secret is shorter with what names it: most cells of a table are not looked at. */
const shortest = 8;

/** A secret that begins within what is shown ends within so many characters: a row may hold megabytes. */
export const longestSecret = 8000;

/** How often a text is looked through: what is hidden may have been what kept its neighbour from being seen. */
const mostRounds = 5;

/** Replaces what is shaped like a secret with `[hidden: kind]`. What is masked once stays as it is. */
export function maskSecrets(text: string): string {
	return masked(text, "in_place");
}

/** As `maskSecrets`; a secret of several lines leaves as many behind, so that lines keep their numbers. */
export function maskSecretLines(text: string): string {
	return masked(text, "by_line");
}

/** What stands for a secret: one mark, or one with the secret's line breaks behind it. */
type Form = "in_place" | "by_line";

function masked(text: string, form: Form): string {
	if (text.length < shortest) return text;
	let result = text;
	for (let round = 0; round < mostRounds; round += 1) {
		const before = result;
		result = hide(result, foundIn(result), form);
		if (result === before) break;
	}
	return result;
}

/** In the text as it is written, and as it is read; they may overlap. */
function foundIn(text: string): readonly FoundSecret[] {
	const written = findersOn(text);
	const reading = folded(text);
	if (reading === undefined) return written;
	const { original } = reading;
	const read = findersOn(reading.text);
	return [
		...written,
		...read.map(({ kind, from, to }) => ({ kind, from: original(from), to: original(to) })),
	];
}

/**
 * In this order: what an issuer shaped tells its kind best, and a name says least.
 *
 * This is a courtesy against accidents and not a wall: a secret without a known shape passes. The walls are
 * that secret columns cannot be read at all and that files which hold secrets are not opened.
 *
 * Every expression here is linear: fixed beginnings, one class of characters, bounded repeats.
 */
function findersOn(text: string): readonly FoundSecret[] {
	const [shapes, tokens, named] = [findShapes(text), findTokens(text), findNamed(text)];
	if (shapes.length + tokens.length === 0) return named;
	return [...shapes, ...tokens, ...named];
}

function hide(text: string, found: readonly FoundSecret[], form: Form): string {
	if (found.length === 0) return text;
	const ordered = [...found].sort((one, other) => one.from - other.from);
	let hidden = "";
	let at = 0;
	for (const { kind, from, to } of ordered) {
		if (from >= at) {
			const breaks = form === "by_line" ? (text.slice(from, to).match(/\n/g)?.length ?? 0) : 0;
			hidden += `${text.slice(at, from)}[hidden: ${kind}]${"\n".repeat(breaks)}`;
		}
		at = Math.max(at, to);
	}
	return hidden + text.slice(at);
}

/** The first thing in `text` that is shaped like a secret: its kind and its 1-based line. */
export function findSecret(text: string): { kind: string; line: number } | undefined {
	if (text.length < shortest) return undefined;
	let first: FoundSecret | undefined;
	for (const secret of foundIn(text)) {
		if (first === undefined || secret.from < first.from) first = secret;
	}
	if (first === undefined) return undefined;
	return { kind: first.kind, line: text.slice(0, first.from).split("\n").length };
}
