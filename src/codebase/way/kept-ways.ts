// Keeps the ways that were found for some minutes, as long as their files have not changed.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { RepositoryRoot } from "../../system/index.ts";
import { forgetOldest } from "../forget-oldest.ts";
import type { CodeWay, WayRequest } from "./types.ts";

const maxKept = 24;
/** A file that is new meanwhile is missed for so long, in milliseconds. */
const keptMs = 5 * 60_000;

interface KeptWay {
	readonly way: CodeWay;
	readonly at: number;
	/** Path, size and time of the last change, of each file. */
	readonly stamp: string;
}

/** One repository's ways, least recently used first. */
export class KeptWays {
	readonly #kept = new Map<string, KeptWay>();
	readonly #root: RepositoryRoot;

	constructor(root: RepositoryRoot) {
		this.#root = root;
	}

	async get(request: WayRequest, find: () => Promise<CodeWay>): Promise<CodeWay> {
		const key = JSON.stringify(request);
		const known = this.#kept.get(key);
		this.#kept.delete(key);
		if (known !== undefined && performance.now() - known.at < keptMs) {
			if ((await this.#stampOf(known.way)) === known.stamp) {
				this.#kept.set(key, known);
				return known.way;
			}
		}
		const way = await find();
		this.#kept.set(key, { way, at: performance.now(), stamp: await this.#stampOf(way) });
		forgetOldest(this.#kept, maxKept);
		return way;
	}

	async #stampOf({ spots }: CodeWay): Promise<string> {
		const paths = [...new Set(spots.map(({ path }) => path))];
		const stamps = await Promise.all(
			paths.map(async (path) => {
				const found = await stat(join(this.#root, path)).catch(() => undefined);
				return `${path} ${found?.size} ${found?.mtimeMs}`;
			}),
		);
		return stamps.join("\n");
	}
}
