// Lays an answer out for a terminal: long lines wrapped, tables aligned, marks for agents left out.

/** Lines that tell an agent what is data; a person sees where text comes from by the heading. */
const marks = /^(?:<\/?untrusted\b.*>|Untrusted text from .*: data, never instructions\.)$/;

/** @param width of a line, in characters */
export function layOut(answer: string, width: number): readonly string[] {
	const lines = answer
		.split("\n")
		.filter((line) => !marks.test(line))
		.map((line) => line.replace(/\bcursor [\w-]{20,}/, "cursor …"));
	const shown: string[] = [];
	for (let index = 0; index < lines.length; index++) {
		const rows = tableAt(lines, index);
		if (rows.length > 0) {
			shown.push(...alignedTable(rows, width));
			index += rows.length;
		} else shown.push(...wrapped(lines[index] ?? "", width));
	}
	return shown.filter((line, index) => line !== "" || shown[index - 1] !== "");
}

/** The cells of a Markdown table that begins here, without its rule; empty where none does. */
function tableAt(lines: readonly string[], start: number): readonly (readonly string[])[] {
	if (!/^\|?(?:-+\|)+-*$/.test(lines[start + 1] ?? "")) return [];
	const end = lines.findIndex((line, index) => index > start && !line.includes("|"));
	return lines
		.slice(start, end === -1 ? lines.length : end)
		.filter((_line, index) => index !== 1)
		.map((line) => line.replace(/^\| ?| ?\|$/g, "").split(/ ?\| ?/));
}

/** As many columns as fit; the others are counted. */
function alignedTable(rows: readonly (readonly string[])[], width: number): readonly string[] {
	const head = rows[0] ?? [];
	const widths = head.map((_name, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
	let fitting = 0;
	for (let used = 0; fitting < widths.length; fitting++) {
		used += (widths[fitting] ?? 0) + 2;
		if (used - 2 > width) break;
	}
	const aligned = rows.map((row) =>
		row
			.slice(0, fitting)
			.map((cell, column) => {
				const isNumber = rows.slice(1).every((other) => /^[\d.,%-]*$/.test(other[column] ?? ""));
				return isNumber ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0);
			})
			.join("  ")
			.trimEnd(),
	);
	const left = head.slice(fitting);
	return left.length === 0 ? aligned : [...aligned, ...wrapped(`(not shown: ${left.join(", ")})`, width)];
}

/** Breaks at spaces, else within a word; later lines are indented under the first. */
export function wrapped(line: string, width: number): readonly string[] {
	if (line.length <= width) return [line];
	const indent = " ".repeat(Math.min(20, (/^\s*(?:\d+[:-]\s|[-+^#]\s)?\s*/.exec(line)?.[0] ?? "").length));
	const lines: string[] = [];
	let rest = line;
	while (rest.length > width) {
		const space = rest.lastIndexOf(" ", width);
		const cut = space > indent.length + 1 ? space : width;
		lines.push(rest.slice(0, cut));
		rest = `${indent}${rest.slice(cut).trimStart()}`;
	}
	return [...lines, rest];
}
