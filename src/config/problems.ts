// Which settings each part of the server needs, and what it answers where one of them cannot be used.

import { SettingUnusable } from "../system/index.ts";
import type { Config } from "./load.ts";
import type { SettingProblem } from "./reader.ts";

/** What both the API and the database need. */
const asking = [
	"PROD_DEBUGGER_TIMEOUT_MS",
	"PROD_DEBUGGER_MAX_CALLS_PER_MINUTE",
	"PROD_DEBUGGER_SHOW_PERSONAL_DATA",
	"PROD_DEBUGGER_READABLE_COLUMNS",
	"HTTPS_PROXY",
	"PROD_DEBUGGER_AUDIT_LOG",
] as const;

const needs = {
	production: ["SKILLOMATIC_API_URL", "SKILLOMATIC_API_KEY", "SKILLOMATIC_API_KEY_FILE", ...asking],
	database: [
		"SKILLOMATIC_DATABASE_URL",
		"SKILLOMATIC_DATABASE_TOKEN",
		"SKILLOMATIC_DATABASE_TOKEN_FILE",
		...asking,
	],
	repository: ["PROD_DEBUGGER_REPO"],
	deployments: ["PROD_DEBUGGER_DEPLOYMENTS"],
	memory: ["PROD_DEBUGGER_STATE_DIR"],
	patches: [
		"PROD_DEBUGGER_STATE_DIR",
		"PROD_DEBUGGER_TEST",
		"PROD_DEBUGGER_CHECK_TIMEOUT_MS",
		"PROD_DEBUGGER_CHECK_UNSANDBOXED",
	],
} as const satisfies Record<string, readonly SettingProblem["setting"][]>;

/** Whether the user lets production be asked, by either way. */
export function asksProduction({ apiKey, database }: Pick<Config, "apiKey" | "database">): boolean {
	return apiKey !== undefined || database !== undefined;
}

/** What keeps a part of the server from working; undefined where its settings can be used. */
export function unusableFor(
	{ problems = [], ...config }: Config,
	part: keyof typeof needs,
): SettingUnusable | undefined {
	// The file of environments may name the only production that there is.
	const isOne = asksProduction(config);
	const wanted: readonly SettingProblem["setting"][] =
		part === "production" && !isOne ? [...needs[part], "SKILLOMATIC_ENVIRONMENTS"] : needs[part];
	const said = problems.filter(({ setting }) => wanted.includes(setting)).map(({ message }) => message);
	return said.length === 0 ? undefined : new SettingUnusable(said.join(" "));
}
