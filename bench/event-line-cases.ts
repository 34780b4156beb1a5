// Cases of codes that several lines raise, written into a repository and asked for through the search.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type CodeSearch, createCodeSearch, type Events } from "../src/codebase/index.ts";
import { createGit, resolveRepositoryRoot } from "../src/system/index.ts";

export interface Case {
	readonly way: string;
	/** What its events are like. */
	readonly kind: string;
	readonly code: string;
	readonly files: Readonly<Record<string, string>>;
	/** `path:line` of the line that raised most of the events; of several, where events can't tell them apart. */
	readonly right: readonly string[];
	readonly shapes: Events["shapes"];
}

export interface Judged {
	readonly way: string;
	readonly kind: string;
	readonly isFirst: boolean;
	readonly first: string;
	/** Those that the answer calls equal to the first, itself among them. */
	readonly tied: readonly string[];
	readonly right: readonly string[];
	/** `tied`: the answer says that several lines fit alike, and the right one is among them. */
	readonly verdict: "right" | "tied" | "wrong";
}

async function judge(search: CodeSearch, { way, kind, code, right, shapes }: Case): Promise<Judged> {
	const total = shapes.reduce((sum, { count }) => sum + count, 0);
	const answer = await search.search(
		{ errorCode: code, history: false },
		new AbortController().signal,
		async () => ({ shapes, total, from: 0, to: 1 }),
	);
	const [file] = answer.files;
	const first = `${file?.path}:${file?.items[0]?.line}`;
	const tied = [...(answer.evidence?.leading ?? [])];
	return {
		way,
		kind,
		first,
		tied,
		right,
		isFirst: right.includes(first),
		verdict: verdictOf(first, tied, right),
	};
}

/** Where several lines are right, only the answer that calls just these equal is. */
function verdictOf(first: string, tied: readonly string[], right: readonly string[]): Judged["verdict"] {
	const isAmong = right.every((one) => tied.includes(one));
	if (right.length > 1) return isAmong && tied.length === right.length ? "right" : isAmong ? "tied" : "wrong";
	if (tied.length > 1) return isAmong ? "tied" : "wrong";
	return right.includes(first) ? "right" : "wrong";
}

export async function judgeAll(cases: readonly Case[]): Promise<readonly Judged[]> {
	const folder = mkdtempSync(join(tmpdir(), "event-to-line-"));
	try {
		for (const [path, text] of cases.flatMap(({ files }) => Object.entries(files))) {
			mkdirSync(dirname(join(folder, path)), { recursive: true });
			writeFileSync(join(folder, path), text);
		}
		const root = await resolveRepositoryRoot(folder);
		const search = createCodeSearch({ root, git: createGit(root) });
		const judged: Judged[] = [];
		for (const one of cases) judged.push(await judge(search, one));
		return judged;
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}
