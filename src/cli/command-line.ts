// Reads the command line: the command, its options, and settings given as flags.

import { parseArgs } from "node:util";
import { flagOf, type SettingName, settings } from "../config/index.ts";
import { nearest, quoteUntrusted, visibleLine } from "../text/index.ts";
import { type HostName, hostNames } from "./attach/host-names.ts";
import { UsageError } from "./usage-error.ts";
import { readWatchFlags, type WatchFlags } from "./watch-flags.ts";

export { UsageError } from "./usage-error.ts";

export const commands = ["serve", "doctor", "report", "watch", "cases", "attach"] as const;
export type Command = (typeof commands)[number];

/** What `cases` does. Those that take ids change what is remembered: they are a user's, and no tool has them. */
export const caseActions = ["list", "show", "mute", "unmute", "forget", "export", "import"] as const;
export type CaseAction = (typeof caseActions)[number];

export interface CommandLine {
	readonly command: Command;
	readonly demo: boolean;
	/** The demo's fixed present in epoch milliseconds, so that its numbers repeat. */
	readonly demoNow: number | undefined;
	readonly help: boolean;
	readonly version: boolean;
	/** The form of `doctor` and `watch` for scripts. */
	readonly json: boolean;
	/** The environment that is asked or looked at; undefined: the default, for `doctor` all. */
	readonly environment: string | undefined;
	/** `report`: the window. */
	readonly since: string | undefined;
	readonly until: string | undefined;
	/** `report`: the file that the page is written to. */
	readonly html: string | undefined;
	/** `report`: the cases that it shows, in lowercase. */
	readonly cases: readonly string[];
	/** `attach`: the host, and whether it is changed without asking. */
	readonly host: HostName | undefined;
	readonly yes: boolean;
	/** `cases`: what to do, and with which, in lowercase; or with which file. */
	readonly action: CaseAction;
	readonly ids: readonly string[];
	/** `watch`: how often, and what else. */
	readonly watch: WatchFlags;
	/** Settings given as flags; they win over the environment. */
	readonly overrides: Readonly<Partial<Record<SettingName, string>>>;
}

interface Flag {
	readonly type: "boolean" | "string";
	readonly short?: string;
	/** The only commands that accept it. */
	readonly of?: readonly Command[];
	/** May be given more than once. */
	readonly multiple?: true;
}

/** Flags beside the settings. */
const generalFlags = {
	help: { type: "boolean", short: "h" },
	version: { type: "boolean", short: "v" },
	demo: { type: "boolean" },
	"demo-now": { type: "string" },
	json: { type: "boolean", of: ["doctor", "watch"] },
	environment: { type: "string", of: ["doctor", "report", "watch", "cases"] },
	since: { type: "string", of: ["report"] },
	until: { type: "string", of: ["report"] },
	html: { type: "string", of: ["report"] },
	case: { type: "string", of: ["report"] },
	yes: { type: "boolean", short: "y", of: ["attach"] },
	every: { type: "string", of: ["watch"] },
	once: { type: "boolean", of: ["watch"] },
	"fail-on": { type: "string", of: ["watch"] },
	limit: { type: "string", of: ["watch"], multiple: true },
	exec: { type: "string", of: ["watch"] },
} as const satisfies Record<string, Flag>;

const settingNames = Object.keys(settings) as readonly SettingName[];
const withFlags: readonly SettingName[] = settingNames.filter((name) => !("secret" in settings[name]));

/**
 * Reads the command line.
 *
 * @param argv without the program's own two words
 * @throws {UsageError}
 */
export function readCommandLine(argv: readonly string[]): CommandLine {
	for (const name of settingNames.filter((one) => "secret" in settings[one])) {
		const flag = `--${flagOf(name)}`;
		if (!argv.some((argument) => argument === flag || argument.startsWith(`${flag}=`))) continue;
		throw new UsageError(
			`${flag} is not a flag, since every process list would show the ${name === "SKILLOMATIC_API_KEY" ? "key" : "token"}: set ${name} or ${name}_FILE.`,
		);
	}
	const options: Readonly<Record<string, Flag>> = {
		...generalFlags,
		...Object.fromEntries(withFlags.map((name) => [flagOf(name), { type: "string" as const }])),
	};
	let parsed: {
		values: Record<string, string | boolean | (string | boolean)[] | undefined>;
		positionals: string[];
	};
	try {
		parsed = parseArgs({
			args: [...argv],
			allowPositionals: true,
			options: Object.fromEntries(
				Object.entries(options).map(([name, { type, short, multiple = false }]) => [
					name,
					{ type, multiple, ...(short === undefined ? {} : { short }) },
				]),
			),
		});
	} catch (error) {
		throw unusableFlag(argv, error instanceof Error ? error.message : "", Object.keys(options));
	}
	const { values, positionals } = parsed;
	const [argument = "serve", ...more] = positionals;
	const command = commands.find((known) => known === argument);
	const host = command === "attach" ? readHost(more) : undefined;
	if (command === undefined || (more.length > 0 && command !== "attach" && command !== "cases")) {
		const near = nearest(argument, commands);
		throw new UsageError(
			`${quoteUntrusted(positionals.join(" "))} is not a command${near === undefined || near === argument ? "" : ` (did you mean ${near}?)`}; commands: ${commands.join(", ")}. See --help.`,
		);
	}
	for (const [name, { of }] of Object.entries(options)) {
		if (of === undefined || values[name] === undefined || values.help === true || of.includes(command))
			continue;
		throw new UsageError(
			`--${name} belongs to ${of.join(" and ")}: prod-debugger-mcp ${of[0]} --${name}. See --help.`,
		);
	}
	const text = (name: string) => (typeof values[name] === "string" ? values[name] : undefined);
	const { action, ids } = command === "cases" ? readCaseAction(more) : { action: "list" as const, ids: [] };
	const overrides: Partial<Record<SettingName, string>> = {};
	for (const name of withFlags) {
		const value = text(flagOf(name));
		if (value !== undefined) overrides[name] = value;
	}
	return {
		command,
		demo: values.demo === true || values["demo-now"] !== undefined,
		demoNow: readInstant("demo-now", text("demo-now")),
		help: values.help === true,
		version: values.version === true,
		json: values.json === true,
		environment: text("environment"),
		since: text("since"),
		until: text("until"),
		html: text("html"),
		cases: (text("case") ?? "")
			.toLowerCase()
			.split(/[\s,]+/)
			.filter((id) => id !== ""),
		host,
		yes: values.yes === true,
		action,
		ids,
		watch: readWatchFlags({
			every: text("every"),
			once: values.once === true,
			failOn: text("fail-on"),
			limits: [values.limit ?? []].flat().map(String),
			exec: text("exec"),
		}),
		overrides,
	};
}

/** The word after `attach`. @throws {UsageError} */
function readHost(words: readonly string[]): HostName | undefined {
	if (words.length === 0) return undefined;
	const host = hostNames.find((known) => known === words.join(" "));
	if (host !== undefined) return host;
	const near = nearest(words.join(" "), hostNames);
	throw new UsageError(
		`${quoteUntrusted(words.join(" "))} is not a host${near === undefined ? "" : ` (did you mean ${near}?)`}; hosts: ${hostNames.join(", ")}. See --help.`,
	);
}

function readCaseAction([named = "list", ...ids]: readonly string[]): {
	readonly action: CaseAction;
	readonly ids: readonly string[];
} {
	const action = caseActions.find((known) => known === named);
	if (action === undefined) {
		const near = nearest(named, caseActions);
		throw new UsageError(
			`cases ${quoteUntrusted(named)} is not a command${near === undefined ? "" : ` (did you mean ${near}?)`}; cases: ${caseActions.join(", ")}. See --help.`,
		);
	}
	if (action === "export" || action === "import") {
		if (ids.length === 1) return { action, ids };
		throw new UsageError(
			`cases ${action} takes one file: prod-debugger-mcp cases ${action} FILE. See --help.`,
		);
	}
	if ((action === "list") !== (ids.length === 0)) {
		throw new UsageError(
			action === "list"
				? "cases list takes no ids: prod-debugger-mcp cases show ID. See --help."
				: `cases ${action} takes the ids of cases: prod-debugger-mcp cases ${action} ID. See --help.`,
		);
	}
	const wrong = ids.find((id) => !/^[0-9a-f]{8}$/i.test(id));
	if (wrong === undefined) return { action, ids: ids.map((id) => id.toLowerCase()) };
	throw new UsageError(`${quoteUntrusted(wrong)} is not a case's id: it has 8 hex digits. See --help.`);
}

function readInstant(flag: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined;
	const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value) ? Date.parse(value) : Number.NaN;
	if (!Number.isNaN(instant)) return instant;
	throw new UsageError(
		`--${flag} is ${quoteUntrusted(value)}: it takes an instant such as 2026-11-24T09:00:00Z.`,
	);
}

/** Node's own message for an unknown flag goes on about positional arguments; a near flag helps more. */
function unusableFlag(argv: readonly string[], message: string, known: readonly string[]): UsageError {
	const unknown = argv
		.map((argument) => /^--([^=]+)/.exec(argument)?.[1])
		.find((name) => name !== undefined && !known.includes(name));
	if (unknown !== undefined) {
		const near = nearest(unknown, known);
		const hint = near === undefined ? "" : `: did you mean --${near}?`;
		return new UsageError(
			`There is no flag --${visibleLine(unknown.slice(0, 120))}${hint === "" ? "." : hint} See prod-debugger-mcp --help.`,
		);
	}
	return new UsageError(
		`${visibleLine(message.split(". ")[0] ?? "").slice(0, 300)}. See prod-debugger-mcp --help.`,
	);
}
