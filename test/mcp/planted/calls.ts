// Every tool with many arguments: found and not found, misspelt, refused, paged.

import type { PlantedProduction } from "./production.ts";
import type { PlantedRepository } from "./repository.ts";
import type { Planter } from "./secrets.ts";

export type Call = readonly [tool: string, args: Readonly<Record<string, unknown>>];

const dimensions = [
	"error_code",
	"category",
	"skill",
	"provider",
	"action",
	"http_status",
	"session",
	"user",
	"organization",
];

/** Where each filter's values were planted. */
const filtered: Readonly<Record<string, string>> = {
	error_code: "error_events.error_code",
	category: "error_events.error_category",
	skill: "skills.slug",
	provider: "error_events.provider",
	action: "error_events.action",
	session: "error_events.session_id",
	user: "users.id",
	organization: "organizations.slug",
};

/** As a person might begin, misspell, or write in another letter case what stands there; and the whole of it. */
function spellings(value: string): readonly string[] {
	return [value.slice(0, 6), value.slice(0, -1), inOtherCase(value), value].filter(
		(text) => text.length >= 3 && text.length <= 200,
	);
}

/** But for its last letter: what an agent writes itself is not what is looked for. */
function inOtherCase(value: string): string {
	const last = value.slice(-1);
	return `${value.slice(0, -1)}${last === last.toUpperCase() ? last.toLowerCase() : last.toUpperCase()}`;
}

export function calls(
	production: PlantedProduction,
	repository: PlantedRepository,
	planter: Planter,
): readonly Call[] {
	const { values } = production;
	const wanted = Object.entries(filtered).flatMap(([filter, place]) =>
		(values[place] ?? []).flatMap((value) => spellings(value).map((text) => ({ [filter]: text }))),
	);
	const said = planter.plant("an argument", 0);
	return [
		...statsCalls(wanted, said),
		...eventCalls(wanted, said),
		...queryCalls(production, said),
		...codeCalls(repository, said),
		...patchCalls(repository, said),
		...reportCalls(wanted, said),
		...fixCalls(wanted, said),
		...caseCalls(said),
	];
}

/** Last: what the calls before them left is kept, and told. */
function caseCalls(said: string): readonly Call[] {
	return [
		...[
			{},
			{ limit: 25 },
			{ error_code: "LLM_RATE_LIMITED" },
			{ skill: said },
			{ case: said.slice(0, 40) },
		].map((args): Call => ["recall_cases", args]),
		["error_stats", {}],
		["search_codebase", { error_code: "LLM_RATE_LIMITED" }],
	];
}

function fixCalls(wanted: readonly Record<string, string>[], said: string): readonly Call[] {
	const coded = { error_code: "LLM_RATE_LIMITED" };
	return [
		...[
			{ ...coded, fixed_at: "2h" },
			{ ...coded, commit: "HEAD" },
			{ ...coded, commit: said },
			{ ...coded, patch_id: said.slice(0, 64) },
			{ ...coded, fixed_at: said.slice(0, 40) },
			{ error_code: said, fixed_at: "2h" },
			{ skill: said, fixed_at: "2h" },
		].map((args): Call => ["verify_fix", args]),
		...wanted
			.filter((_, index) => index % 9 === 0)
			.map((filter): Call => ["verify_fix", { ...coded, ...filter, fixed_at: "2h" }]),
	];
}

function statsCalls(wanted: readonly Record<string, string>[], said: string): readonly Call[] {
	return [
		...[
			{},
			{ limit: 1 },
			{ since: "1h", interval: "5m" },
			{ since: "7d" },
			{ since: said },
			{ [said]: 1 },
			{ group_by: said },
		].map((args): Call => ["error_stats", args]),
		...dimensions.flatMap((one): Call[] =>
			[[one], [one, "user"], [one, "skill"]]
				.filter(([first, second]) => first !== second)
				.map((group_by) => ["error_stats", { group_by, limit: 50 }]),
		),
		...wanted.filter((_, index) => index % 5 === 0).map((filter): Call => ["error_stats", filter]),
	];
}

function eventCalls(wanted: readonly Record<string, string>[], said: string): readonly Call[] {
	const runs = wanted.filter((filter) => "skill" in filter || "user" in filter || "organization" in filter);
	return [
		...[
			{ limit: 200 },
			{ with_ids: true },
			{ limit: 2, order: "oldest" },
			{ cursor: said },
			{ http_status: said },
			{ since: "2020-01-01T00:00:00Z", until: "2020-01-02T00:00:00Z" },
		].map((args): Call => ["fetch_errors", args]),
		...wanted.map((filter): Call => ["fetch_errors", { ...filter, limit: 5 }]),
		...[
			{ limit: 100, with_ids: true },
			{ status: "any_failure", limit: 100 },
			{ limit: 2 },
			{ message_contains: "password" },
			{ message_contains: said },
			{ status: said },
			{ cursor: said },
			{ correlate: false, since: "7d" },
		].map((args): Call => ["failed_skill_runs", args]),
		...runs.map((filter): Call => ["failed_skill_runs", filter]),
	];
}

function queryCalls(
	{ texts, oddTable, oddColumn, values }: PlantedProduction,
	said: string,
): readonly Call[] {
	const queries = [
		...Object.keys(texts).map((table) => `SELECT * FROM ${table}`),
		...Object.entries(texts).flatMap(([table, columns]) => [
			...columns.map((column) => `SELECT ${column} FROM ${table}`),
			`SELECT group_concat(${columns[1] ?? "id"}, ' ') FROM ${table}`,
			`SELECT upper(${columns[0] ?? "id"}) AS "${said}" FROM ${table} LIMIT 3`,
		]),
		`SELECT * FROM "${oddTable}"`,
		`SELECT "${oddColumn}" FROM error_events`,
		`SELECT ${oddColumn.slice(0, 8)} FROM error_events`,
		`SELECT nope FROM "${oddTable}"`,
		`SELECT '${said}' AS x`,
		`SELECT ${said} FROM error_events`,
		`SELEC '${said}'`,
		`SELECT 1; DROP TABLE "${oddTable}"`,
		`SELECT json_extract(provider, '$') FROM error_events`,
		`SELECT abs(-9223372036854775808), provider FROM error_events`,
		`SELECT provider FROM error_events WHERE created_at > datetime('now', '-1 day')`,
		...(values["error_events.provider"] ?? []).map(
			(value) => `SELECT id FROM error_events WHERE provider = '${inOtherCase(value).replaceAll("'", "''")}'`,
		),
	];
	return [
		...queries.map((sql): Call => ["query_database", { sql }]),
		...queries.slice(0, 5).map((sql): Call => ["query_database", { sql, limit: 2 }]),
		...[undefined, ...Object.keys(texts), oddTable, oddTable.slice(0, 12), "error_event", said].map(
			(table): Call => ["describe_database", table === undefined ? {} : { table: table.slice(0, 100) }],
		),
	];
}

function codeCalls({ oddFile }: PlantedRepository, said: string): readonly Call[] {
	return [
		{ error_code: "LLM_RATE_LIMITED" },
		{ error_code: "LLM_RATE_LIMITED", whole_function: true },
		{ error_code: "ATS_TIMEOUT" },
		{ error_code: "LLM_RATE_LIMITE" },
		{ query: "call" },
		{ query: "call", limit: 1 },
		{ query: "password", context: 10 },
		{ query: "return|throw|if", mode: "regex" },
		{ query: "(", mode: "regex" },
		{ query: said },
		{ query: "throw", path: oddFile },
		{ query: "throw", path: oddFile.slice(0, -5) },
		{ query: "throw", path: said },
		{ query: "throw", path: `../${said}` },
		{ query: "throw", glob: "**/*.ts", type: "ts" },
		{ query: "throw", type: said },
		{ query: "x", cursor: said },
		{ [said]: "x" },
	].map((args): Call => ["search_codebase", args]);
}

function patchCalls({ oddFile }: PlantedRepository, said: string): readonly Call[] {
	const titled = { title: `fix ${said}`.slice(0, 200), rationale: said };
	const diff = (path: string, line: string) =>
		`--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,3 @@\n export function limit(): void {\n+\t// ${line}\n`;
	return [
		{
			...titled,
			edits: [
				{
					path: "src/limit.ts",
					old_text: "export function limit(): void {",
					new_text: "export function limited(): void {",
				},
			],
		},
		{
			...titled,
			edits: [
				{
					path: oddFile,
					old_text: "export function odd(): void {",
					new_text: "export function odder(): void {",
				},
			],
		},
		{ ...titled, edits: [{ path: "src/limit.ts", old_text: "\t// call 3: pass", new_text: "x" }] },
		{ ...titled, edits: [{ path: "src/limit.ts", old_text: "}", new_text: "x" }] },
		{ ...titled, edits: [{ path: `${said}.ts`, old_text: "a", new_text: "b" }] },
		{ ...titled, edits: [{ path: "docs/new.md", content: `${said}\n` }] },
		{ ...titled, edits: [{ path: "src/limit.ts", old_text: "\t// call 1:", new_text: "\t( // call 1:" }] },
		{ ...titled, edits: [{ path: oddFile, delete: true }] },
		{ ...titled, diff: diff("src/limit.ts", "wait") },
		{ ...titled, diff: diff("src/limit.ts", said) },
		{ ...titled, diff: said },
		{ title: said },
	].map((args): Call => ["propose_patch", args]);
}

function reportCalls(wanted: readonly Record<string, string>[], said: string): readonly Call[] {
	const issue = {
		error_code: "LLM_RATE_LIMITED",
		title: said,
		root_cause: `because of ${said}`,
		evidence: [said],
		location: `src/${said}.ts:1`,
		current_code: said,
		proposed_fix: `\`\`\`ts\n${said}\n\`\`\``,
		files: [{ path: said, change: said }],
	};
	return [
		["debug_report", { issues: [] }],
		["debug_report", { issues: [issue], actions: { immediate: said, short_term: said, monitor: said } }],
		[
			"debug_report",
			{
				issues: [
					{ ...issue, error_code: said },
					{ ...issue, patch_id: said },
				],
			},
		],
		["debug_report", { issues: [{ skill: said, root_cause: "x", proposed_fix: "y" }] }],
		["debug_report", { issues: said }],
		...wanted
			.filter((_, index) => index % 9 === 0)
			.map((filter): Call => ["debug_report", { ...filter, issues: [issue] }]),
	];
}
