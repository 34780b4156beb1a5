// The entry by which a host starts this server, and the same as a line of its own command.

import { isAbsolute, relative } from "node:path";
import { shellQuoted } from "../../system/index.ts";
import type { Host } from "./hosts.ts";

/** As hosts write it in their configuration. */
export interface ServerEntry {
	readonly type?: "stdio";
	readonly command: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
}

export interface EntryOptions {
	/** The server's program, absolute. */
	readonly program: string;
	/** On the embedded production: needs no key and no repository. */
	readonly demo: boolean;
	/** The file that holds the key, absolute. The key itself is in no configuration. */
	readonly keyFile: string;
	/** The code that is debugged, absolute. */
	readonly repository: string | undefined;
	/** Settings that the user gave as flags. */
	readonly settings: Readonly<Record<string, string>>;
}

/** The server's name in a host. */
export function serverName(demo: boolean): string {
	return demo ? "prod-debugger-demo" : "prod-debugger";
}

/** Node and the program by absolute paths: a host that was not started from a terminal has another PATH. */
export function entryFor(host: Host, options: EntryOptions): ServerEntry {
	const { program, demo, keyFile, settings } = options;
	const repository = demo ? undefined : repositoryFor(host, options);
	return {
		...(host.name === "vscode" ? { type: "stdio" as const } : {}),
		command: process.execPath,
		args: demo ? [program, "--demo"] : [program],
		env: {
			...(demo ? {} : { SKILLOMATIC_API_KEY_FILE: keyFile }),
			...(repository === undefined ? {} : { PROD_DEBUGGER_REPO: repository }),
			...settings,
		},
	};
}

function repositoryFor(host: Host, { repository, program }: EntryOptions): string | undefined {
	if (host.repository !== "absolute") return host.repository;
	// A checkout of this server is not the code that is debugged.
	return repository === undefined || isWithin(repository, program) ? undefined : repository;
}

function isWithin(folder: string, path: string): boolean {
	const below = relative(folder, path);
	return !below.startsWith("..") && !isAbsolute(below);
}

/**
 * The arguments of `claude` that add the entry, for all of the user's projects. Options must precede the name, and
 * `--env`, which takes several values, must precede another option.
 */
export function claudeArguments(name: string, { command, args, env }: ServerEntry): readonly string[] {
	const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
	return [
		"mcp",
		"add",
		...(variables.length === 0 ? [] : ["--env", ...variables]),
		...["--transport", "stdio", "--scope", "user", name, "--", command, ...args],
	];
}

export function shellLine(words: readonly string[]): string {
	return words.map((word) => (/^[\w=./:@%+,-]+$/.test(word) ? word : shellQuoted(word))).join(" ");
}
