// Small parts of the page: instants, links, and what can be copied.

import { isoInstant } from "../../text/index.ts";
import { type Child, type Element, element, instantWords } from "../../visual/index.ts";
import { type Links, linked } from "../links.ts";

/** In UTC; the page's script adds the reader's own time. @param at epoch seconds */
export function time(at: number, words = instantWords(at)): Element {
	return element("time", { datetime: isoInstant(at) }, words);
}

/** A line with its code lines and commits as links. @param commits whole hashes */
export function withLinks(text: string, links: Links, commits: readonly string[] = []): readonly Child[] {
	return linked(text, links, commits).map((piece) =>
		piece.href === undefined ? piece.text : element("a", { href: piece.href }, piece.text),
	);
}

/** @param what is copied, for the button that the page's script adds */
export function copyable(text: string, what: string, language = ""): Element {
	return element(
		"div",
		{ class: "copyable", "data-copy": what },
		element(
			"pre",
			{ tabindex: 0, "aria-label": what },
			element("code", { class: language || undefined }, text),
		),
	);
}

/** The ids of what the page's parts link to. */
export const idOf = {
	episode: (index: number) => `episode-${index + 1}`,
	code: (index: number) => `code-${index + 1}`,
};
