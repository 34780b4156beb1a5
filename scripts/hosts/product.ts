// What all hosts share: names, descriptions, and the settings as form fields.

import manifest from "../../package.json" with { type: "json" };
import { type Setting, type SettingName, settings } from "../../src/config/index.ts";

export const product = {
	/** The package and its command. */
	name: manifest.name,
	/** The server's name in a host. */
	server: "prod-debugger",
	title: "Production debugger",
	version: manifest.version,
	description: manifest.description,
	/** At most 100 characters, as the registry requires. */
	summary: "Debug production: what fails, since when, for whom, where in the code, and a patch that applies",
	license: manifest.license,
	author: "The prod-debugger-mcp authors",
	keywords: manifest.keywords,
	node: manifest.engines.node,
	/** The name in the MCP registry; the package has it too, which proves that both have the same owner. */
	registryName: manifest.mcpName,
} as const;

/** How a form asks for a setting. */
type Field = "text" | "secret" | "number" | "checkbox" | "folder" | "file";

export interface HostSetting {
	readonly name: SettingName;
	readonly setting: Setting;
	readonly title: string;
	readonly field: Field;
}

/** Settings as form fields. All are optional: a host may drop a server if a required one is missing. */
const forms: Readonly<Record<SettingName, { readonly title: string; readonly field: Field }>> = {
	SKILLOMATIC_API_KEY: { title: "Skillomatic API key", field: "secret" },
	SKILLOMATIC_API_KEY_FILE: { title: "File with the API key", field: "file" },
	SKILLOMATIC_API_URL: { title: "API address", field: "text" },
	SKILLOMATIC_DATABASE_URL: { title: "Database address", field: "text" },
	SKILLOMATIC_DATABASE_TOKEN: { title: "Read-only database token", field: "secret" },
	SKILLOMATIC_DATABASE_TOKEN_FILE: { title: "File with the database token", field: "file" },
	SKILLOMATIC_ENVIRONMENTS: { title: "File of environments", field: "file" },
	PROD_DEBUGGER_REPO: { title: "Repository", field: "folder" },
	PROD_DEBUGGER_DEPLOYMENTS: { title: "Deployments", field: "text" },
	PROD_DEBUGGER_TIMEOUT_MS: { title: "Time-out of a call (ms)", field: "number" },
	PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: { title: "Requests a minute", field: "number" },
	PROD_DEBUGGER_SHOW_PERSONAL_DATA: { title: "Show personal data", field: "checkbox" },
	PROD_DEBUGGER_READABLE_COLUMNS: { title: "Readable columns", field: "text" },
	PROD_DEBUGGER_AUDIT_LOG: { title: "Audit log", field: "text" },
	PROD_DEBUGGER_STATE_DIR: { title: "Folder for patches", field: "folder" },
	PROD_DEBUGGER_CHECK: { title: "Check of a patch", field: "text" },
	PROD_DEBUGGER_TEST: { title: "Test that proves a patch", field: "text" },
	PROD_DEBUGGER_CHECK_TIMEOUT_MS: { title: "Time-out of the check (ms)", field: "number" },
	PROD_DEBUGGER_CHECK_UNSANDBOXED: { title: "Run the check unsandboxed", field: "checkbox" },
	PROD_DEBUGGER_CHANNEL: { title: "Tell what is new every", field: "text" },
	PROD_DEBUGGER_LINKS: { title: "Links of the report", field: "text" },
	PROD_DEBUGGER_LOG: { title: "Log level", field: "text" },
};

export const hostSettings: readonly HostSetting[] = (Object.keys(settings) as SettingName[]).map((name) => ({
	name,
	setting: settings[name],
	...forms[name],
}));

export function hostSetting(name: SettingName): HostSetting {
	return { name, setting: settings[name], ...forms[name] };
}

/** Describes a setting, for a form or a list. */
export function sentence({ setting }: HostSetting): string {
	const about = `${setting.about.charAt(0).toUpperCase()}${setting.about.slice(1)}.`;
	return `${about} Takes ${setting.takes}. Default: ${setting.default}.`;
}

export function json(value: unknown): string {
	return `${JSON.stringify(value, null, 2)}\n`;
}
