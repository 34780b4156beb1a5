// Weeks of commits around an incident's own: innocent work on the rest of the repository, in working hours.

import type { Files } from "./incident-base.ts";
import { type Company, nth, pascal } from "./incident-domain.ts";
import type { PlannedCommit } from "./suspects-incident.ts";
import { pick } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

/** A text put in another's place (once in the file), at the file's end, or as a whole file. */
export type Edit =
	| { readonly path: string; readonly old: string; readonly now: string }
	| { readonly path: string; readonly append: string }
	| { readonly path: string; readonly content: string };

/** A commit of the incident itself. */
export interface Planned {
	readonly subject: string;
	/** Epoch seconds. */
	readonly at: number;
	readonly edits: readonly Edit[];
	/** `guilty` is what the key names; `origin` wrote what it switches on; `end` ended it. */
	readonly role: "guilty" | "origin" | "decoy" | "end";
}

export interface MadeCommit extends PlannedCommit {
	readonly part: Planned["role"] | "noise";
}

export interface History {
	readonly base: ReadonlyMap<string, string>;
	readonly baseAt: number;
	readonly commits: readonly MadeCommit[];
	/** The files as they stand now. */
	readonly files: ReadonlyMap<string, string>;
}

const day = 86_400;

/** @param now epoch seconds; the history goes back five weeks before it */
export function makeHistory(
	files: Files,
	planned: readonly Planned[],
	{
		company,
		count,
		now,
		random,
	}: { readonly company: Company; readonly count: number; readonly now: number; readonly random: Random },
): History {
	const baseAt = now - 35 * day;
	const own = new Set(planned.flatMap(({ edits }) => edits.map(({ path }) => path)));
	const times = Array.from({ length: count }, () => workingTime(baseAt + day, now - 600, random));
	const work: readonly (Planned | { readonly at: number })[] = [
		...planned,
		...times.map((at) => ({ at })),
	].sort((one, other) => one.at - other.at);
	const base = new Map(Object.entries(files));
	const tree = new Map(base);
	const commits = work.map((one, index): MadeCommit => {
		const { subject, edits, part } =
			"role" in one
				? { subject: one.subject, edits: one.edits, part: one.role }
				: { ...innocent(tree, own, company, index, random), part: "noise" as const };
		const changes = new Map(edits.map((edit) => [edit.path, edited(tree, edit)]));
		for (const [path, text] of changes) tree.set(path, text);
		return { subject, changes, at: one.at, role: "noise", isOnBranch: false, part };
	});
	return { base, baseAt, commits, files: tree };
}

/** Most work is done by day, and on weekdays. */
function workingTime(from: number, to: number, random: Random): number {
	for (;;) {
		const at = Math.floor(from + random() * (to - from));
		const date = new Date(at * 1000);
		const isFree = date.getUTCHours() < 7 || date.getUTCHours() > 18 || date.getUTCDay() % 6 === 0;
		if (!isFree || random() < 0.08) return at;
	}
}

function edited(tree: ReadonlyMap<string, string>, edit: Edit): string {
	if ("content" in edit) return edit.content;
	const text = tree.get(edit.path);
	if (text === undefined) throw new Error(`no ${edit.path}`);
	if ("append" in edit) return text + edit.append;
	if (text.split(edit.old).length !== 2) throw new Error(`not once in ${edit.path}: ${edit.old}`);
	return text.replace(edit.old, () => edit.now);
}

const verbs = ["collect", "prepare", "merge", "order", "count", "pack", "match", "trim", "label", "rank"];

function innocent(
	tree: ReadonlyMap<string, string>,
	own: ReadonlySet<string>,
	{ nouns }: Company,
	index: number,
	random: Random,
): { readonly subject: string; readonly edits: readonly Edit[] } {
	const free = [...tree.keys()].filter((path) => !own.has(path));
	const code = free.filter((path) => /^(?:server|web)\/src\/.*\.ts$/.test(path));
	const path = pick(code, random);
	const text = tree.get(path) ?? "";
	const name = path.replace(/^.*\//, "").replace(/\.ts$/, "");
	const noun = pick(nouns, random);
	const kind = Math.floor(random() * 9);
	const settings = [...text.matchAll(/^const \w+ = \d+/gm)];
	if (kind < 3) {
		const made = `${pick(verbs, random)}${pascal(noun)}${index}`;
		const append = `\nexport function ${made}(value: number): number {\n  const step = value + ${index};\n  return step * ${1 + (index % 5)};\n}\n`;
		return { subject: `${name}: ${made}`, edits: [{ path, append }] };
	}
	if (kind === 3 && settings.length > 0) {
		const [old = ""] = pick(settings, random);
		const now = old.replace(/\d+$/, (digits) => String(Math.max(1, Math.round(Number(digits) * 1.1))));
		if (now !== old && text.split(old).length === 2)
			return { subject: `Tune ${name}`, edits: [{ path, old, now }] };
	}
	if (kind === 4) {
		const version = /"(typescript|vitest|hono)": "(\d+\.\d+)\.(\d+)"/g;
		const found = [...(tree.get("package.json") ?? "").matchAll(version)];
		const [old = "", dependency = "", minor = "", patch = "0"] = own.has("package.json")
			? []
			: pick(found, random);
		if (old !== "")
			return {
				subject: `Bump ${dependency}`,
				edits: [{ path: "package.json", old, now: `"${dependency}": "${minor}.${Number(patch) + 1}"` }],
			};
	}
	if (kind === 5)
		return {
			subject: `Notes on ${noun}s`,
			edits: [{ path: "docs/architecture.md", append: `\n${pascal(noun)}s: see ${path} (${index}).\n` }],
		};
	if (kind === 6)
		return {
			subject: `Test ${noun} ${index}`,
			edits: [
				{
					path: nth(["server/test/format.test.ts", "server/test/retry.test.ts"], index % 2),
					append: `\ntest('${noun} ${index}', () => {\n  expect(${index}).toBe(${index});\n});\n`,
				},
			],
		};
	const first = /^export (?:async )?function (\w+)/m.exec(text);
	if (kind === 7 && first !== null)
		return {
			subject: `Comment ${first[1]}`,
			edits: [{ path, old: first[0], now: `/** Step ${index}. */\n${first[0]}` }].filter(
				({ old }) => text.split(old).length === 2,
			),
		};
	return {
		subject: `Overview shows ${noun}s`,
		edits: own.has("web/src/views/overview.ts")
			? [{ path: "README.md", append: `\n${pascal(noun)}s are shown too (${index}).\n` }]
			: [
					{
						path: "web/src/views/overview.ts",
						append: `\nexport const ${noun}Title${index} = '${pascal(noun)}s';\n`,
					},
				],
	};
}
