// Keeps patches in a private folder outside the work tree.

import { createHash } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import {
	type Clock,
	findStateFolder,
	keepNewest,
	openStateFolder,
	parseJson,
	privateNames,
	type RepositoryRoot,
	readPrivate,
	readPrivateBytes,
	writePrivate,
} from "../system/index.ts";
import { PatchUnknown } from "./failures/index.ts";

const keptPatch = z.object({
	title: z.string(),
	rationale: z.string(),
	errorCode: z.string().optional(),
	/** ISO 8601, UTC. */
	madeAt: z.string(),
	/** What a test said of it, and which; absent where none was run. */
	proof: z.object({ verdict: z.string(), files: z.array(z.string()) }).optional(),
	/** How the user's own check ended; absent where none was run. */
	check: z.enum(["passed", "failed", "failed_before_too", "timed_out"]).optional(),
	/** Which repository it was made for; absent in older records. */
	repository: z.string().optional(),
	/** SHA-256 of each file as it was; null for a new file. */
	files: z.record(z.string(), z.string().nullable()),
});

/** A kept patch's record, beside its diff. */
export type KeptPatch = z.output<typeof keptPatch>;

export type ListedPatch = Pick<KeptPatch, "title" | "errorCode" | "madeAt"> & { readonly id: string };

/** How many patches are kept, the newest first. */
const kept = 200;
const maxDiffBytes = 256 * 1024 * 1024;
const maxRecordBytes = 1024 * 1024;

/** A patch's id: the hash of its content. */
export function patchId(diff: Buffer): string {
	return createHash("sha256").update(diff).digest("hex").slice(0, 16);
}

export function hashOf(content: Buffer | undefined): string | null {
	return content === undefined ? null : createHash("sha256").update(content).digest("hex");
}

export class PatchStore {
	readonly #stateFolder: string;
	readonly #name: string;
	readonly #isOneOfSeveral: boolean;
	readonly #root: RepositoryRoot;
	readonly #clock: Clock;
	readonly #repository: string;
	readonly #onlyOwn: boolean;

	/**
	 * @param options `name`: of the folder below the state folder; `isOneOfSeveral`: there are others, which keep patches
	 *   of other environments; `onlyOwn`: a patch of another repository is unknown
	 */
	constructor(
		stateFolder: string,
		root: RepositoryRoot,
		clock: Clock,
		options: {
			readonly name?: string;
			readonly isOneOfSeveral?: boolean | undefined;
			readonly onlyOwn?: boolean | undefined;
		} = {},
	) {
		this.#stateFolder = stateFolder;
		this.#name = options.name ?? "patches";
		this.#isOneOfSeveral = options.isOneOfSeveral ?? false;
		this.#root = root;
		this.#clock = clock;
		this.#repository = createHash("sha256").update(root).digest("hex").slice(0, 16);
		this.#onlyOwn = options.onlyOwn ?? false;
	}

	/** @returns the path of the diff. @throws {StateFolderUnusable} */
	async keep(id: string, diff: Buffer, patch: Omit<KeptPatch, "madeAt" | "repository">): Promise<string> {
		const folder = await this.#open();
		const file = await writePrivate(folder, `${id}.diff`, diff);
		const madeAt = new Date(this.#clock.now()).toISOString();
		const record: KeptPatch = { ...patch, madeAt, repository: this.#repository };
		await writePrivate(folder, `${id}.json`, JSON.stringify(record));
		await keepNewest(folder, (name) => /^([a-z0-9]+)\.(?:json|diff)$/.exec(name)?.[1], kept);
		return file;
	}

	/** @throws {PatchUnknown} {StateFolderUnusable} */
	async read(id: string): Promise<KeptPatch & { readonly diff: Buffer; readonly file: string }> {
		if (!/^[a-z0-9]{1,64}$/.test(id)) throw new PatchUnknown(id, this.#isOneOfSeveral);
		const folder = await this.#open();
		const diff = await readPrivateBytes(folder, `${id}.diff`, maxDiffBytes);
		const text = await readPrivate(folder, `${id}.json`, maxRecordBytes);
		const record = keptPatch.safeParse(parseJson(text));
		// A diff that was changed since does not match its id.
		const unknown = new PatchUnknown(id, this.#isOneOfSeveral);
		if (diff === undefined || !record.success || patchId(diff) !== id) throw unknown;
		const { repository = this.#repository } = record.data;
		if (this.#onlyOwn && repository !== this.#repository) throw unknown;
		return { ...record.data, diff, file: join(folder, `${id}.diff`) };
	}

	/** Those of this repository. Creates nothing. @throws {StateFolderUnusable} */
	async list(): Promise<readonly ListedPatch[]> {
		const folder = await findStateFolder(this.#stateFolder, this.#name, this.#root);
		if (folder === undefined) return [];
		const ids = (await privateNames(folder)).flatMap((name) => /^([a-z0-9]+)\.json$/.exec(name)?.[1] ?? []);
		const read = await Promise.all(
			ids.map(async (id): Promise<readonly ListedPatch[]> => {
				const text = await readPrivate(folder, `${id}.json`, maxRecordBytes);
				const { data } = keptPatch.safeParse(parseJson(text));
				return data?.repository === this.#repository ? [{ id, ...data }] : [];
			}),
		);
		return read.flat();
	}

	#open(): Promise<string> {
		return openStateFolder(this.#stateFolder, this.#name, this.#root);
	}
}
