// Records that several processes may change at once: each change is a new version, and a broken one hides none before it.

import { randomBytes } from "node:crypto";
import { lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { keepNewest, parseJson } from "./kept-files.ts";
import type { RepositoryRoot } from "./repository.ts";
import {
	createPrivate,
	findStateFolder,
	isOurs,
	openStateFolder,
	readPrivate,
	type StateFolderProblem,
	StateFolderUnusable,
} from "./state-folder.ts";

export interface RecordsOptions<T> {
	readonly stateFolder: string;
	/** Of the folder below the state folder. */
	readonly name: string;
	/** Never inside it; undefined: there is none. */
	readonly root: RepositoryRoot | undefined;
	/** How many records are kept, those changed last. */
	readonly most: number;
	/** Larger files are not ours. */
	readonly maxBytes: number;
	/** Undefined for what is no such record. */
	readonly read: (value: unknown) => T | undefined;
}

/** `broken`: no whole record of ours. `unreadable`: a file of ours whose content may be whole. */
type Version<T> = Made<T> | "broken" | "unreadable" | "gone";

interface Made<T> {
	readonly value: T;
	/** The changes that it holds, by their marks, the last ones. */
	readonly marks: readonly string[];
}

interface Newest<T> {
	/** The highest number in use; 0 for none. */
	readonly highest: number;
	/** Of the newest whole version. */
	readonly base: number;
	readonly value: T | undefined;
	readonly marks: readonly string[];
	/** A newer version may be whole, and cannot be read. */
	readonly isHidden: boolean;
}

const fileName = /^([a-z0-9]{1,32})\.(\d{1,9})\.json$/;
/** Changes that other processes may make while one is being made. */
const mostAttempts = 50;
/** Marks that a version carries: more changes than may be made while one is. */
const mostMarks = 2 * mostAttempts;
const envelope = z.object({ marks: z.array(z.string()).max(mostMarks), value: z.unknown() });
const readAtOnce = 32;

/**
 * A record's version is a file that is made once and never written again. A change reads the newest whole version and
 * makes the next number, which one process alone can do; whoever comes second starts again from what the first wrote.
 * So there is no lock, and none that a crash could leave behind.
 *
 * A number that was removed in the meantime can be made again by one who read before that. So each change has a mark,
 * which the versions after it carry: where a newer version is there, the mark tells whether it holds the change.
 */
export class Records<T> {
	readonly #options: RecordsOptions<T>;

	constructor(options: RecordsOptions<T>) {
		this.#options = options;
	}

	/**
	 * Creates nothing.
	 *
	 * @throws {StateFolderUnusable} where the folder must not be used
	 */
	all(): Promise<ReadonlyMap<string, T>> {
		return this.#worded("unreadable", () => this.#all());
	}

	async #all(): Promise<ReadonlyMap<string, T>> {
		const { stateFolder, name, root } = this.#options;
		const folder = await findStateFolder(stateFolder, name, root);
		if (folder === undefined) return new Map();
		const found = new Map<string, T>();
		const names = [...(await this.#names(folder))];
		for (let first = 0; first < names.length; first += readAtOnce) {
			const some = names.slice(first, first + readAtOnce);
			const read = await Promise.all(some.map(([id, versions]) => this.#newest(folder, id, versions)));
			read.forEach(({ value }, index) => {
				const id = some[index]?.[0];
				if (id !== undefined && value !== undefined) found.set(id, value);
			});
		}
		return found;
	}

	/**
	 * @param step what the record becomes; the same value: it stays as it is; undefined: it is removed. Called again
	 * where another process was first
	 * @returns the record as it is now
	 * @throws {StateFolderUnusable}
	 */
	change(id: string, step: (before: T | undefined) => T | undefined): Promise<T | undefined> {
		return this.#worded("unwritable", () => this.#change(id, step));
	}

	/** Whatever a file system answers, it is the folder that cannot be used. */
	async #worded<R>(problem: StateFolderProblem, work: () => Promise<R>): Promise<R> {
		try {
			return await work();
		} catch (error) {
			const isFileSystems = error instanceof Error && "syscall" in error;
			throw isFileSystems ? new StateFolderUnusable(this.#options.stateFolder, problem) : error;
		}
	}

	async #change(id: string, step: (before: T | undefined) => T | undefined): Promise<T | undefined> {
		const { stateFolder, name, root, most } = this.#options;
		const folder = await openStateFolder(stateFolder, name, root);
		for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
			const { highest, base, value, marks, isHidden } = await this.#newest(folder, id);
			const after = step(value);
			if (after === value) return value;
			if (isHidden) throw new StateFolderUnusable(folder, "unreadable");
			if (after === undefined) return this.#remove(folder, id);
			const version = highest + 1;
			const mark = randomBytes(6).toString("hex");
			const made = { marks: [...marks, mark].slice(-mostMarks), value: after };
			if (!(await createPrivate(folder, `${id}.${version}.json`, JSON.stringify(made)))) continue;
			if ((await this.#highest(folder, id)) > version) {
				const newest = await this.#newest(folder, id);
				if (newest.marks.includes(mark)) return newest.value;
				continue;
			}
			// The one before stays: it is what is read should this one be lost in a crash.
			await this.#remove(folder, id, base).catch(() => {});
			await keepNewest(folder, (file) => fileName.exec(file)?.[1], most).catch(() => {});
			return after;
		}
		throw new StateFolderUnusable(folder, "unwritable");
	}

	/** The oldest first, so that none before it comes to light should it stop midway. */
	async #remove(folder: string, id: string, below = Number.POSITIVE_INFINITY): Promise<undefined> {
		const versions = (await this.#names(folder)).get(id) ?? [];
		for (const version of versions.filter((one) => one < below).sort((one, other) => one - other)) {
			await rm(join(folder, `${id}.${version}.json`), { force: true }).catch(() => {
				throw new StateFolderUnusable(folder, "unwritable");
			});
		}
	}

	async #names(folder: string): Promise<ReadonlyMap<string, readonly number[]>> {
		const names = new Map<string, number[]>();
		const files = await readdir(folder).catch(() => {
			throw new StateFolderUnusable(folder, "unreadable");
		});
		for (const file of files) {
			const [, id, version] = fileName.exec(file) ?? [];
			if (id !== undefined) names.set(id, [...(names.get(id) ?? []), Number(version)]);
		}
		return names;
	}

	async #highest(folder: string, id: string): Promise<number> {
		return Math.max(0, ...((await this.#names(folder)).get(id) ?? []));
	}

	async #newest(folder: string, id: string, named?: readonly number[]): Promise<Newest<T>> {
		let versions = named ?? (await this.#names(folder)).get(id) ?? [];
		for (let attempt = 0; ; attempt += 1) {
			const found = await this.#newestOf(folder, id, versions);
			// Another process has removed what was listed: there is a newer one.
			if (found !== undefined || attempt === mostAttempts) {
				return found ?? { highest: 0, base: 0, value: undefined, marks: [], isHidden: false };
			}
			versions = (await this.#names(folder)).get(id) ?? [];
		}
	}

	async #newestOf(folder: string, id: string, versions: readonly number[]): Promise<Newest<T> | undefined> {
		const highest = Math.max(0, ...versions);
		let isHidden = false;
		for (const base of [...versions].sort((one, other) => other - one)) {
			const version = await this.#version(folder, `${id}.${base}`);
			if (version === "gone") return undefined;
			if (version === "unreadable") isHidden = true;
			else if (version !== "broken") return { highest, base, ...version, isHidden };
		}
		return { highest, base: 0, value: undefined, marks: [], isHidden };
	}

	async #version(folder: string, name: string): Promise<Version<T>> {
		const { maxBytes, read } = this.#options;
		const text = await readPrivate(folder, `${name}.json`, maxBytes);
		if (text === undefined) return whyUnread(join(folder, `${name}.json`), maxBytes);
		const parsed = envelope.safeParse(parseJson(text));
		const value = parsed.success ? read(parsed.data.value) : undefined;
		return value === undefined ? "broken" : { value, marks: parsed.data?.marks ?? [] };
	}
}

async function whyUnread(path: string, maxBytes: number): Promise<"broken" | "unreadable" | "gone"> {
	const there = await lstat(path).catch(() => undefined);
	if (there === undefined) return "gone";
	return there.isFile() && isOurs(there) && there.size <= maxBytes ? "unreadable" : "broken";
}
