// HTML and SVG elements as data, and their safe serialization.

import { visible } from "../text/index.ts";

/** An element of HTML or SVG. Names are ours; every text is untrusted. */
export interface Element {
	readonly name: string;
	readonly attributes: Readonly<Record<string, string | number>>;
	readonly children: readonly Child[];
}

export type Child = Element | string;

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** @param attributes one that is undefined is left out */
export function element(
	name: string,
	attributes: Attributes = {},
	...children: readonly (Child | readonly Child[])[]
): Element {
	const given = Object.entries(attributes).flatMap(([key, value]) =>
		value === undefined ? [] : [[key, value] as const],
	);
	return { name, attributes: Object.fromEntries(given), children: children.flat() };
}

/** Elements that have no content and no end tag (HTML, section 13.1.2). */
const empty = new Set(["br", "wbr"]);

/** Serializes as HTML. Texts and attributes are escaped; invisible characters are made visible. */
export function toHtml(child: Child): string {
	if (typeof child === "string") return escaped(child);
	const { name, attributes, children } = child;
	const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(String(value))}"`);
	const start = `<${name}${pairs.join("")}>`;
	return empty.has(name) ? start : `${start}${children.map(toHtml).join("")}</${name}>`;
}

const entities: Readonly<Record<string, string>> = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	'"': "&quot;",
	"'": "&#39;",
};

function escaped(text: string): string {
	return visible(text).replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
