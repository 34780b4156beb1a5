// Which commits say that they revert another one.

import type { Git } from "../../system/index.ts";

export interface NamedCommit {
	/** The whole hash. */
	readonly id: string;
	/** When it was committed, epoch seconds. */
	readonly at: number;
	readonly subject: string;
}

const timeoutMs = 5000;
/** A revert of a revert of a revert: further ones are not followed. */
const maxSteps = 4;

/** The commit of HEAD's history that reverts the given one by its text, then the one that reverts that, and so on. */
export async function revertsOf(git: Git, id: string, signal: AbortSignal): Promise<readonly NamedCommit[]> {
	const chain: NamedCommit[] = [];
	let last = id;
	while (chain.length < maxSteps) {
		const next = await revertOf(git, last, signal);
		if (next === undefined || next.id === last) break;
		chain.push(next);
		last = next.id;
	}
	return chain;
}

/** The first after it. */
async function revertOf(git: Git, id: string, signal: AbortSignal): Promise<NamedCommit | undefined> {
	const { exitCode, stdout } = await git.run(
		[
			"log",
			"--fixed-strings",
			`--grep=This reverts commit ${id}`,
			"--encoding=UTF-8",
			"--no-color",
			"--no-show-signature",
			"--format=%H %ct %s",
			"HEAD",
			`^${id}`,
			"--",
		],
		{ signal, timeoutMs, accept: [128] },
	);
	if (exitCode !== 0) return undefined;
	const rows = stdout.toString("utf8").split("\n").filter(Boolean);
	const [, hash, at, subject = ""] = /^([0-9a-f]+) (\d+) (.*)$/.exec(rows.at(-1) ?? "") ?? [];
	return hash === undefined ? undefined : { id: hash, at: Number(at), subject: subject.slice(0, 500) };
}
