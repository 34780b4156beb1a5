// The command `attach`: makes a host start this server, or prints what makes it so.

import { realpath } from "node:fs/promises";
import { devNull } from "node:os";
import type { Config, SettingName } from "../../config/index.ts";
import { visibleLine } from "../../text/index.ts";
import { addToClaude } from "./claude.ts";
import { claudeArguments, entryFor, type ServerEntry, serverName, shellLine } from "./entry.ts";
import { hasEntry, keepBackup, withEntry, writeHostFile } from "./host-file.ts";
import { type HostName, hostNames } from "./host-names.ts";
import { type Host, hostOf, isInstalled, programOf } from "./hosts.ts";
import { holdsKey, keyFileOf, writeKey } from "./key-file.ts";
import { type Person, personAtTerminal } from "./terminal.ts";

export interface AttachArguments {
	/** undefined: every host of this machine is listed. */
	readonly host: HostName | undefined;
	readonly demo: boolean;
	/** Nothing is asked. */
	readonly yes: boolean;
	/** Settings given as flags; the host's entry gets them. */
	readonly overrides: Readonly<Partial<Record<SettingName, string>>>;
}

/**
 * Changes a host's configuration once that was agreed to, with a backup; with nobody to ask, it only prints.
 *
 * @returns the exit code
 * @throws {ConfigError} {Failure}
 */
export async function runAttach(
	{ repository }: Config,
	asked: AttachArguments,
	person: Person | undefined = personAtTerminal(),
): Promise<number> {
	const { host: named, demo, yes, overrides } = asked;
	// Programs inside the repository are not the host's; where there is none, nothing is inside it.
	const inside = repository ?? devNull;
	if (named === undefined) return listHosts(inside);
	const host = hostOf(named);
	const keyFile = keyFileOf({ ...process.env, ...overrides });
	const name = serverName(demo);
	const program = await realpath(process.argv[1] ?? "");
	const entry = entryFor(host, { program, demo, keyFile, repository, settings: overrides });
	show(host, name, entry);
	if (!demo && host.repository === "absolute" && entry.env.PROD_DEBUGGER_REPO === undefined)
		say(
			"It names no code to search: run this in the repository that you debug, or with --prod-debugger-repo PATH.",
		);
	if (!(await isInstalled(host, inside)))
		return say(`${host.title} was not found on this machine, so nothing was written.`);
	if (person === undefined && !yes) return say("Nothing was written: run this in a terminal, or with --yes.");
	const question = host.name === "claude" ? "Run this line?" : "Write it?";
	if (!yes && !(await person?.agrees(question, true))) return say("Nothing was written.");
	const client = await programOf(host, inside);
	if (host.name === "claude" && client !== undefined) await addToClaude(host, client, name, entry);
	else await addToFile(host, name, entry);
	if (!demo) await offerKey(keyFile, yes ? undefined : person);
	return say(afterwards(host));
}

async function listHosts(inside: string): Promise<number> {
	const found: string[] = [];
	const missing: string[] = [];
	for (const host of hostNames.map(hostOf)) {
		if (!(await isInstalled(host, inside))) missing.push(host.title);
		else {
			const state = (await hasEntry(host, serverName(false))) ? "   (attached already)" : "";
			found.push(`  ${host.title.padEnd(16)}prod-debugger-mcp attach ${host.name}${state}`);
		}
	}
	return say(
		[
			found.length === 0
				? "No host was found on this machine."
				: "Hosts on this machine, and what attaches this server to each:",
			...found,
			...(missing.length === 0
				? []
				: [`Not found: ${missing.join(", ")}. For them, attach HOST prints what to write.`]),
			`HOST is one of ${hostNames.join(", ")}; --demo attaches the demo, which needs no key.`,
		].join("\n"),
	);
}

function show(host: Host, name: string, entry: ServerEntry): void {
	if (host.name === "claude") {
		say(
			`${host.title} adds the server by this line:\n\n  ${shellLine(["claude", ...claudeArguments(name, entry)])}\n`,
		);
		return;
	}
	const part = JSON.stringify({ [host.servers]: { [name]: entry } }, null, 2);
	say(`${host.title} starts the server by this in ${visibleLine(host.file)}:\n\n${part}\n`);
}

async function addToFile(host: Host, name: string, entry: ServerEntry): Promise<void> {
	const file = await withEntry(host, name, entry);
	if (file.before === file.after) {
		say("It is there already.");
		return;
	}
	const backup = file.before === undefined ? undefined : await keepBackup(file.path);
	await writeHostFile(file);
	say(`Wrote ${visibleLine(file.path)}${backup === undefined ? "" : `; as it was: ${visibleLine(backup)}`}`);
}

/** The key goes into its own file; a host's configuration only names that. */
async function offerKey(keyFile: string, person: Person | undefined): Promise<void> {
	const where = visibleLine(keyFile);
	if (await holdsKey(keyFile)) {
		say(`The key is read from ${where}.`);
		return;
	}
	const key =
		process.env.SKILLOMATIC_API_KEY ??
		(await person?.secret(`The API key of a super admin, for ${where} (not shown; empty: later): `)) ??
		"";
	if (key === "") {
		say(
			`No key yet: write a super admin's key, alone on a line, to ${where}. Until then the tools for code work.`,
		);
		return;
	}
	await writeKey(keyFile, key);
	say(`Kept the key in ${where}, which only you can read.`);
}

function afterwards({ name, title }: Host): string {
	const restart = name === "claude" ? "Start claude in the repository that you debug" : `Restart ${title}`;
	return `${restart}, and ask: "What is failing in production?" If it does not answer, prod-debugger-mcp doctor says why.`;
}

/** @returns the exit code of a command that ends with these words */
function say(words: string): number {
	process.stdout.write(`${words}\n`);
	return 0;
}
