// Keeps what a watch has told in the state folder: one record for each production.

import { createHash } from "node:crypto";
import { Records, type RepositoryRoot } from "../system/index.ts";
import { stateSchema, type WatchState } from "./state.ts";

const record = "watch";
const maxBytes = 4 * 1024 * 1024;

export class WatchStore {
	readonly #records: Records<WatchState>;

	constructor({
		stateFolder,
		root,
		apiUrl,
		keptFor,
		audience = "command",
	}: {
		readonly stateFolder: string;
		readonly root: RepositoryRoot | undefined;
		readonly apiUrl: string;
		/** The environment's name, where what was told is kept under it. */
		readonly keptFor?: string | undefined;
		/** What a person was told at a terminal, a session was not. Default `command`. */
		readonly audience?: "command" | "session";
	}) {
		const { host } = new URL(apiUrl);
		const of = createHash("sha256")
			.update(keptFor === undefined ? host : `${host}\0${keptFor}`)
			.digest("hex");
		this.#records = new Records({
			stateFolder,
			name: `${audience === "command" ? "watch" : "channel"}-${of.slice(0, 12)}`,
			root,
			most: 1,
			maxBytes,
			read: (value) => stateSchema.safeParse(value).data,
		});
	}

	/** @throws {StateFolderUnusable} */
	async read(): Promise<WatchState | undefined> {
		return (await this.#records.all()).get(record);
	}

	/** @returns false where another process kept a round meanwhile. @throws {StateFolderUnusable} */
	async keep(before: WatchState | undefined, after: WatchState): Promise<boolean> {
		const kept = await this.#records.change(record, (there) =>
			there?.round === before?.round
				? { ...after, outbox: [...(there?.outbox ?? []), ...after.outbox] }
				: there,
		);
		return kept?.round === after.round;
	}

	/** @throws {StateFolderUnusable} */
	async delivered(id: string): Promise<void> {
		await this.#records.change(
			record,
			(there) => there && { ...there, outbox: there.outbox.filter((message) => message.id !== id) },
		);
	}
}
