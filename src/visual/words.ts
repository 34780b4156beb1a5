// Counts, changes and codes in the words of a page.

import { percentWords } from "../text/index.ts";
import { type Child, element } from "./element.ts";

/** `1 run`, `2,000 runs`. */
export function counted(count: number, noun: string): string {
	return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** A whole number with its digits in groups of three: `1,042`. */
export function grouped(count: number): string {
	return String(count).replace(/\B(?=(?:\d{3})+$)/g, ",");
}

/** A count against the previous one, more being worse. */
export function changeWords(count: number, previous: number): Child {
	if (previous === 0) return count === 0 ? "none before" : "0 before";
	if (count === previous) return "as many before";
	const sign = count > previous ? "+" : "−";
	const change = `${sign}${percentWords(Math.abs(count - previous), previous)}`;
	return element(
		"span",
		{},
		element("span", { class: count > previous ? "up" : "down" }, change),
		element("span", { class: "before" }, `${grouped(previous)} before`),
	);
}

/** A code with a possible line break before each underscore. */
export function codeWords(code: string): readonly Child[] {
	return code.split("_").flatMap((word, index) => (index === 0 ? [word] : [element("wbr"), `_${word}`]));
}

/** One decimal, and none from 100 on. */
export function rounded(value: number): string {
	return value >= 100 ? String(Math.round(value)) : String(Math.round(value * 10) / 10);
}
