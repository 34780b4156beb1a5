import { createHash } from "node:crypto";
import { chmod, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PatchUnknown } from "./errors.ts";

/** A patch as it is kept. */
export interface KeptPatch {
	readonly id: string;
	readonly title: string;
	readonly rationale: string;
	readonly errorCode?: string | undefined;
	readonly diff: string;
	/** The repository that it was made for. */
	readonly root: string;
	/** SHA-256 of each file as it was; null where there was none. */
	readonly files: Readonly<Record<string, string | null>>;
}

const kept = 200;

/** A patch's id: the hash of its content. */
export function patchId(diff: string): string {
	return createHash("sha256").update(diff).digest("hex").slice(0, 12);
}

export function hashOf(content: Buffer | undefined): string | null {
	return content === undefined ? null : createHash("sha256").update(content).digest("hex");
}

/** Keeps patches in a folder that only the user can read. */
export class PatchStore {
	constructor(private readonly stateFolder: string) {}

	/** @returns the path of the diff */
	async keep(patch: KeptPatch): Promise<string> {
		const folder = await this.#open();
		const file = join(folder, `${patch.id}.diff`);
		await writePrivate(file, patch.diff);
		await writePrivate(join(folder, `${patch.id}.json`), JSON.stringify(patch));
		await prune(folder);
		return file;
	}

	/** @throws {PatchUnknown} */
	async read(id: string): Promise<KeptPatch> {
		if (!/^[a-z0-9]{1,64}$/.test(id)) throw new PatchUnknown(id);
		const folder = await this.#open();
		const text = await readFile(join(folder, `${id}.json`), "utf8").catch(() => {
			throw new PatchUnknown(id);
		});
		return JSON.parse(text) as KeptPatch;
	}

	/** @throws {Error} when somebody else owns the folder, or it is a link */
	async #open(): Promise<string> {
		const folder = join(this.stateFolder, "patches");
		await mkdir(folder, { recursive: true, mode: 0o700 });
		for (const part of [this.stateFolder, folder]) {
			const there = await lstat(part);
			if (!there.isDirectory()) throw new Error("the state folder is no folder");
			if (process.getuid !== undefined && there.uid !== process.getuid())
				throw new Error("the state folder is not ours");
		}
		await chmod(folder, 0o700);
		return folder;
	}
}

/** Whole or not at all: a reader never sees half a patch. */
async function writePrivate(file: string, text: string): Promise<void> {
	const draft = `${file}.${process.pid}.tmp`;
	await rm(draft, { force: true });
	await writeFile(draft, text, { mode: 0o600, flag: "wx" });
	await rename(draft, file);
}

async function prune(folder: string): Promise<void> {
	const names = (await readdir(folder)).filter((name) => name.endsWith(".json"));
	if (names.length <= kept) return;
	const dated = await Promise.all(
		names.map(async (name) => ({
			name,
			at: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0,
		})),
	);
	dated.sort((one, other) => other.at - one.at);
	for (const { name } of dated.slice(kept)) {
		await rm(join(folder, name), { force: true });
		await rm(join(folder, name.replace(/\.json$/, ".diff")), { force: true });
	}
}
