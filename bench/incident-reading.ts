// Reads the tools' answers as an agent does: the first items of their lists, in either form.

import type { Answered } from "./incident-server.ts";

/** Items of an answer that are read before the next call. */
export const read = 3;

export type Form = "structured" | "text";

export interface ReadEpisode {
	readonly name: string;
	readonly where: string;
	readonly since: number;
	readonly between: readonly number[];
	readonly until: number | undefined;
	readonly users: number;
	readonly suspect: string;
	readonly endedBy: string;
}

export function findingsOf({ text, structured }: Answered, form: Form): readonly string[] {
	const all = form === "structured" ? strings(structured?.findings) : listAfter(text, "findings:");
	return all.slice(0, read);
}

/** What a finding is about: a code, or a skill whose runs fail; and the part of the code. */
export function subjectOf(
	finding: string,
):
	| { readonly name: string; readonly isSkill: boolean; readonly where: Readonly<Record<string, string>> }
	| undefined {
	const skill = /^([\w-]+) fails\b/.exec(finding);
	if (skill?.[1] !== undefined) return { name: skill[1], isSkill: true, where: {} };
	const code = /^([A-Z][A-Z0-9_]+)(?: \(([^)]*)\))?/.exec(finding);
	if (code?.[1] === undefined) return undefined;
	const where = [...(code[2] ?? "").matchAll(/(provider|skill|action|organization|http_status) ([^,]+)/g)];
	return {
		name: code[1],
		isSkill: false,
		where: Object.fromEntries(where.map(([, dimension = "", value = ""]) => [dimension, value])),
	};
}

export function episodesOf({ text, structured }: Answered, form: Form): readonly ReadEpisode[] {
	const all =
		form === "structured"
			? (Array.isArray(structured?.episodes) ? structured.episodes : []).map(structuredEpisode)
			: listAfter(text, "episodes:").map(textEpisode);
	return all.slice(0, read);
}

function structuredEpisode(one: Readonly<Record<string, unknown>>): ReadEpisode {
	const text = (field: string) => String(one[field] ?? "");
	return {
		name: text("error_code") || text("skill"),
		where: text("where"),
		since: seconds(text("since")),
		between: strings(one.between).map(seconds),
		until: one.until === undefined ? undefined : seconds(text("until")),
		users: Number(one.users),
		suspect: text("suspect"),
		endedBy: text("ended_by"),
	};
}

function textEpisode(line: string): ReadEpisode {
	const field = (name: string) => new RegExp(`(?:^|, )${name} ([^,]*)`).exec(line)?.[1] ?? "";
	const until = field("until");
	return {
		name: field("error_code") || field("skill"),
		where: /, where (.*?), kind /.exec(line)?.[1] ?? "",
		since: seconds(field("since")),
		between: field("between").split("; ").map(seconds),
		until: until === "" ? undefined : seconds(until),
		users: Number(field("users")),
		suspect: field("suspect"),
		endedBy: field("ended_by"),
	};
}

export interface ReadSuspect {
	readonly commit: string;
	readonly origin: string;
	readonly likelihood: number;
}

export function suspectsOf({ text, structured }: Answered, form: Form): readonly ReadSuspect[] {
	const { columns, rows } =
		form === "structured" ? tableOf(structured?.suspects) : textTable(text, "suspects");
	const at = (row: readonly unknown[], column: string) => String(row[columns.indexOf(column)] ?? "");
	return rows.slice(0, read).map((row) => ({
		commit: at(row, "commit"),
		origin: /^\w{7}/.exec(at(row, "origin"))?.[0] ?? "",
		likelihood: Number(at(row, "likelihood_pct")),
	}));
}

export function verdictOf({ text, structured }: Answered, form: Form): string {
	return form === "structured"
		? String(structured?.verdict ?? "")
		: (/^verdict: (\w+)/m.exec(text)?.[1] ?? "");
}

interface Table {
	readonly columns: readonly string[];
	readonly rows: readonly (readonly unknown[])[];
}

function tableOf(value: unknown): Table {
	const { columns, rows, common } = (value ?? {}) as {
		readonly columns?: readonly string[];
		readonly rows?: readonly (readonly unknown[])[];
		readonly common?: Readonly<Record<string, unknown>>;
	};
	const shared = Object.entries(common ?? {});
	return {
		columns: [...(columns ?? []), ...shared.map(([name]) => name)],
		rows: (rows ?? []).map((row) => [...row, ...shared.map(([, cell]) => cell)]),
	};
}

/** Values that all rows share stand in the table's head: `suspects (1 of 3; all: commit 1234567, …)`. */
function textTable(text: string, name: string): Table {
	const lines = text.split("\n");
	const head = lines.findIndex((line) => line.startsWith(`${name} (`));
	if (head < 0) return { columns: [], rows: [] };
	const columns = (lines[head + 2] ?? "").split("|");
	const body = lines.slice(head + 4);
	const end = body.findIndex((line) => !line.includes("|"));
	const rows = body.slice(0, end < 0 ? body.length : end);
	return { columns, rows: rows.map((line) => line.split("|")) };
}

/** The first places under a heading of search_codebase: the matched lines, `path:line`, with their text. */
export function placesOf(
	text: string,
	heading: string,
): readonly { readonly path: string; readonly text: string }[] {
	const lines = text.split("\n");
	const from = lines.indexOf(`# ${heading}`);
	const inside = from < 0 ? [] : lines.slice(from + 1);
	const end = inside.findIndex((line) => /^# [a-z]/.test(line));
	let path = "";
	const found: { readonly path: string; readonly text: string }[] = [];
	for (const line of end < 0 ? inside : inside.slice(0, end)) {
		const here = /^(\d+): (.*)$/.exec(line);
		const whole = /^([\w@./-]+\.\w+):(\d+):? ?(.*)$/.exec(line);
		if (here !== null) found.push({ path, text: here[2] ?? "" });
		else if (whole !== null) found.push({ path: whole[1] ?? "", text: whole[3] ?? "" });
		else if (/^[\w@./-]+\.\w+$/.test(line)) path = line;
	}
	return found.slice(0, read);
}

/** The first hunks of show_commit, with the file that each is of. */
export function hunksOf(text: string): readonly { readonly path: string; readonly text: string }[] {
	const found: { path: string; text: string }[] = [];
	let path = "";
	for (const line of text.split("\n")) {
		const file = /^# (\S+)/.exec(line);
		if (file !== null) path = file[1] ?? "";
		else if (line.startsWith("@@")) found.push({ path, text: line });
		else {
			const last = found.at(-1);
			if (last !== undefined) last.text += `\n${line}`;
		}
	}
	return found.slice(0, read);
}

function listAfter(text: string, head: string): readonly string[] {
	const lines = text.split("\n");
	const from = lines.indexOf(head);
	if (from < 0) return [];
	const rest = lines.slice(from + 1);
	const end = rest.findIndex((line) => !line.startsWith("- "));
	return (end < 0 ? rest : rest.slice(0, end)).map((line) => line.slice(2));
}

function strings(value: unknown): readonly string[] {
	return Array.isArray(value) ? value.map(String) : [];
}

function seconds(instant: string): number {
	return Date.parse(instant) / 1000;
}
