// The last commit of a line, kept until HEAD moves or the file changes: blame walks the whole history for it.

import { createHash } from "node:crypto";
import type { Git } from "../../system/index.ts";
import type { Source } from "../find/source.ts";
import { forgetOldest } from "../forget-oldest.ts";
import { blame, headVersions, type LineCommit } from "./blame.ts";

const maxKept = 200;

/** One repository's lines. */
export class LastCommits {
	readonly #git: Git;
	readonly #kept = new Map<string, LineCommit>();

	constructor(git: Git) {
		this.#git = git;
	}

	async of(source: Source, line: number, signal: AbortSignal): Promise<LineCommit | undefined> {
		const { stdout } = await this.#git.run(["rev-parse", "HEAD"], { signal, accept: [128] });
		const text = createHash("sha256").update(source.text).digest("base64");
		const key = JSON.stringify([stdout.toString("utf8"), source.path, line, text]);
		const known = this.#kept.get(key);
		if (known !== undefined) return known;
		const versions = headVersions(this.#git, [source.path], signal);
		const found = await blame(this.#git, [{ source, lines: [line] }], versions, signal);
		const commit = found.get(source.path)?.get(line);
		// What was cut short is asked again.
		if (commit === undefined) return undefined;
		this.#kept.set(key, commit);
		forgetOldest(this.#kept, maxKept);
		return commit;
	}
}
