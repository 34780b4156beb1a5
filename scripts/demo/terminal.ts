// Shows the demo to a person: headings, colour, excerpts of at most 80 columns, and what to type next.

import { createInterface } from "node:readline/promises";
import { styleText } from "node:util";
import { layOut, wrapped } from "./layout.ts";
import { type Step, type Teller, textOf } from "./teller.ts";

export interface TerminalOptions {
	readonly print: (text: string) => void;
	readonly colour: boolean;
	/** Answers whole, not only their first lines. */
	readonly full: boolean;
	/** Called where it waits; the function that it returns ends the waiting. */
	readonly wait?: (words: string) => () => void;
	/** Called after each step; without it the steps follow each other. */
	readonly pause?: () => Promise<void>;
}

const width = 80;
/** Lines of an answer that are shown, and of a call; a few more than that are shown whole. */
const excerpt = 22;
const callExcerpt = 4;
const few = 3;

type Style = Parameters<typeof styleText>[0];

export function terminalTeller({ print, colour, full, wait, pause }: TerminalOptions): Teller & {
	begin(): void;
	end(): void;
} {
	const styled = (style: Style, text: string) =>
		colour ? styleText(style, text, { validateStream: false }) : text;
	let number = 0;
	let done = () => {};
	const paragraph = (text: string) => print(wrapped(text, width).join("\n"));
	return {
		begin() {
			print(styled("bold", "prod-debugger-mcp: a demo"));
			print("");
			paragraph(
				"An AI agent debugs production with this server's tools: from what is failing to the commit that did it and a patch that is proven to apply. You see its calls and the beginning of each answer; the production, its errors and its code base are embedded and made up, and nothing leaves this machine.",
			);
		},
		calling({ why, tool, args }) {
			number += 1;
			print("");
			for (const line of wrapped(`${number}. ${why}`, width)) print(styled("bold", line));
			print("");
			for (const line of callLines(tool, args)) print(styled("cyan", line));
			print("");
			done = wait?.(`${tool} is asked`) ?? (() => {});
		},
		async answered({ from, lines = excerpt }: Step, result) {
			done();
			const all = layOut(textOf(result), width - 2);
			const found = from === undefined ? 0 : all.findIndex((line) => from.test(line));
			const start = full ? 0 : Math.max(0, found);
			const isWhole = full || all.length - start <= lines + few;
			const shown = all.slice(start, isWhole ? undefined : start + lines);
			if (start > 0) print(styled("dim", `  … ${start} lines before this`));
			for (const line of shown) print(`  ${inColour(line, styled)}`.trimEnd());
			const left = all.length - start - shown.length;
			if (left > 0) print(styled("dim", `  … ${left} more lines (npm run demo -- --full shows all)`));
			await pause?.();
		},
		end() {
			print("");
			print(styled("bold", "That was the demo. What to type next:"));
			print("");
			for (const [line, about] of nextLines) print(`  ${styled("cyan", line.padEnd(41))}${about}`);
			print("");
			paragraph(
				'Other hosts: attach claude-desktop, attach vscode, attach cursor. Then ask: "What is failing in production?"',
			);
		},
	};
}

const nextLines = [
	["npm run setup", "install the command"],
	["prod-debugger-mcp attach claude --demo", "the demo, in Claude Code"],
	["prod-debugger-mcp attach claude", "your own production"],
] as const;

/** `tool  name: value, name: value`; a long value is shortened. */
function callLines(tool: string, args: Readonly<Record<string, unknown>>): readonly string[] {
	const pairs = Object.entries(args).map(([name, value]) => `${name}: ${valueWords(value)}`);
	const [first = "", ...rest] = wrapped(`  ${[tool, pairs.join(", ")].join("  ").trim()}`, width);
	const shown = [`>${first.slice(1)}`, ...rest];
	return shown.length <= callExcerpt ? shown : [...shown.slice(0, callExcerpt), "  …"];
}

function valueWords(value: unknown): string {
	if (Array.isArray(value)) return value.length === 1 ? valueWords(value[0]) : `${value.length} items`;
	if (typeof value === "object" && value !== null)
		return `(${Object.entries(value)
			.map(([name, one]) => `${name}: ${valueWords(one)}`)
			.join(", ")})`;
	const text = String(value).trim();
	return text.length <= 60 ? text : `${text.slice(0, 60).trimEnd()}…`;
}

function inColour(line: string, styled: (style: Style, text: string) => string): string {
	if (/^\+(?!\+\+)/.test(line)) return styled("green", line);
	if (/^-(?!--|\s\w)/.test(line)) return styled("red", line);
	return /^(?:#|\*\*|Checked:|findings:|episodes:)/.test(line) ? styled("bold", line) : line;
}

/** On a terminal: how long it has waited, on a line that is removed. */
export function waitOn(stream: NodeJS.WriteStream): (words: string) => () => void {
	return (words) => {
		const started = Date.now();
		const show = () => stream.write(`\r  ${words}: ${Math.round((Date.now() - started) / 1000)} s`);
		show();
		const timer = setInterval(show, 1000);
		return () => {
			clearInterval(timer);
			stream.write("\r\u001b[2K");
		};
	};
}

/** Waits for Enter; `q` ends the demo. */
export async function untilEnter(): Promise<void> {
	const lines = createInterface({ input: process.stdin, output: process.stdout });
	const ended = new Promise<string>((resolve) => lines.once("close", () => resolve("q")));
	const answer = await Promise.race([lines.question("\n[Enter: next step, q: quit] "), ended]);
	lines.close();
	if (/^q/i.test(answer.trim())) process.exit(0);
}
