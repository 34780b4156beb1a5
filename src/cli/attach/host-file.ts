// Puts an entry into a host's JSON configuration, and keeps what was there.

import { constants } from "node:fs";
import { copyFile, mkdir, readFile, realpath } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";
import { ConfigError } from "../../config/index.ts";
import { writeWhole } from "../../system/index.ts";
import type { ServerEntry } from "./entry.ts";
import type { Host } from "./hosts.ts";

const objectShape = z.record(z.string(), z.unknown());
const variablesShape = z.record(z.string(), z.string());

/** A host's configuration as it is, and as it will be. */
export interface HostFile {
	/** Links resolved, so that a file that is kept elsewhere is changed there. */
	readonly path: string;
	/** undefined: there is none yet. */
	readonly before: string | undefined;
	readonly after: string;
}

/**
 * @throws {ConfigError} where the file is there and is not plain JSON: a comment in it would be lost
 */
export async function withEntry(host: Host, name: string, entry: ServerEntry): Promise<HostFile> {
	const path = await realpath(host.file).catch(() => host.file);
	const before = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
		if (error.code === "ENOENT") return undefined;
		throw new ConfigError(`${path} cannot be read (${error.code ?? "unknown"}).`);
	});
	const whole = before === undefined || before.trim() === "" ? {} : readObject(path, before);
	const servers = whole[host.servers] === undefined ? {} : objectShape.safeParse(whole[host.servers]).data;
	if (servers === undefined) throw new ConfigError(`${path}: ${host.servers} is not an object.`);
	const after = { ...whole, [host.servers]: { ...servers, [name]: kept(servers[name], entry) } };
	return { path, before, after: `${JSON.stringify(after, null, indentOf(before))}\n` };
}

function readObject(path: string, text: string): Record<string, unknown> {
	try {
		return objectShape.parse(JSON.parse(text.replace(/^\uFEFF/, "")));
	} catch {
		throw new ConfigError(
			`${path} is not plain JSON (a comment, a trailing comma?), so it was left as it is: add the entry with an editor.`,
		);
	}
}

/** What the user added to an older entry of ours stays: other variables, and other fields. */
function kept(old: unknown, entry: ServerEntry): object {
	const known = objectShape.safeParse(old).data;
	if (known === undefined) return entry;
	const variables = variablesShape.safeParse(known.env).data ?? {};
	const { SKILLOMATIC_API_KEY_FILE: file, ...rest } = entry.env;
	const hasKey = variables.SKILLOMATIC_API_KEY !== undefined || file === undefined;
	const key = hasKey ? {} : { SKILLOMATIC_API_KEY_FILE: file };
	return { ...known, ...entry, env: { ...variables, ...key, ...rest } };
}

function indentOf(text: string | undefined): string | number {
	return /^\{\r?\n([ \t]+)"/.exec(text ?? "")?.[1] ?? 2;
}

/** Whether the host has an entry of this name; a file that cannot be read has none. */
export async function hasEntry(host: Host, name: string): Promise<boolean> {
	try {
		const whole = readObject(host.file, await readFile(host.file, "utf8"));
		return objectShape.safeParse(whole[host.servers]).data?.[name] !== undefined;
	} catch {
		return false;
	}
}

/** Beside the file, with the time in its name. @returns its path; undefined where there was nothing to keep */
export async function keepBackup(path: string): Promise<string | undefined> {
	const backup = `${path}.${new Date().toISOString().replaceAll(/[:.]/g, "-")}.bak`;
	try {
		await copyFile(path, backup, constants.COPYFILE_EXCL);
		return backup;
	} catch (error) {
		if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
		throw new ConfigError(`${path} was left as it is: its backup ${backup} cannot be written.`);
	}
}

/** @throws {FileNotWritten} */
export async function writeHostFile({ path, after }: HostFile): Promise<void> {
	await mkdir(dirname(path), { recursive: true });
	await writeWhole(path, after);
}
