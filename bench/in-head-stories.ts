// Histories in which real patches are applied in every way that a team applies them, written in one go.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { changesOf, type RealChange, type RealDiff, withDiffs } from "./patch-changes.ts";

export const kinds = [
	"exactly",
	"rebased",
	"squashed",
	"reformatted",
	"edited",
	"half",
	"reverted",
	"never",
] as const;
export type Kind = (typeof kinds)[number];

/** A patch of one file, and what its history makes of the file, commit by commit. */
export interface Story {
	readonly kind: Kind;
	readonly patch: RealDiff;
	/** The file's text in each commit; the first is before the patch. */
	readonly texts: readonly string[];
	/** Which of these brought it in, or took it out. */
	readonly by?: number;
	/** Other real changes, in the same commit. */
	readonly others?: readonly RealChange[];
}

/** Patches of each kind from one history. */
const perHistory = 30;

export function storiesOf(history: string): readonly Story[] {
	const diffs = withDiffs(
		changesOf(history).filter(
			({ path, before }) =>
				/\.(?:[cm]?[jt]sx?|json|py|md)$/.test(path) &&
				!/(?:^|\/)dist\/|\.min\./.test(path) &&
				!/\r|^\ufeff/.test(before),
		),
	).filter(isPatch);
	const spread = evenly(diffs, perHistory);
	const neighbours = evenly(neighboursOf(evenly(diffs, 1500)), perHistory);
	const formatted = evenly(
		diffs.filter(({ path }) => /\.(?:[cm]?[jt]sx?|json)$/.test(path)),
		perHistory * 2,
	);
	const layouts = reformatted(formatted);
	const others = (index: number) => diffs.slice(index, index + 2);
	const each = (kind: Kind, of: readonly RealDiff[], textOf: (patch: RealDiff) => string | undefined) =>
		of.flatMap((patch): Story[] => {
			const text = textOf(patch);
			return text === undefined ? [] : [{ kind, patch, texts: [patch.before, text], by: 1 }];
		});
	return [
		...each("exactly", spread, ({ after }) => after),
		...neighbours.flatMap(({ patch, other, both }, index): Story[] => [
			{ kind: "rebased", patch, texts: [patch.before, other, both], by: 2 },
			{ kind: "squashed", patch, texts: [patch.before, both], by: 1, others: others(index) },
			{ kind: "never", patch, texts: [patch.before, other] },
		]),
		...each("reformatted", formatted, (patch) => layouts[formatted.indexOf(patch)]).slice(0, perHistory),
		...evenly(each("edited", diffs, editedOf), perHistory),
		...evenly(each("half", diffs, halfOf), perHistory),
		...spread.map(
			(patch): Story => ({
				kind: "reverted",
				patch,
				texts: [patch.before, patch.after, patch.before],
				by: 2,
			}),
		),
	];
}

/** A patch has no more lines than a person would read, and each of its hunks changes more than signs and blanks. */
function isPatch({ hunks }: RealDiff): boolean {
	const words = (sign: string, body: readonly string[]) =>
		body
			.filter((line) => line.startsWith(sign))
			.join("")
			.replace(/\W/g, "");
	const changed = hunks.flatMap(({ body }) => body.filter((line) => /^[+-]/.test(line)));
	return changed.length <= 150 && hunks.every(({ body }) => words("+", body) !== words("-", body));
}

function evenly<T>(all: readonly T[], count: number): readonly T[] {
	const step = Math.max(1, all.length / count);
	return Array.from(
		{ length: Math.min(count, all.length) },
		(_, index) => all[Math.floor(index * step)],
	).flatMap((one) => one ?? []);
}

/** In the order of time: the same file's next change, made beside the patch instead of after it. */
export interface Neighbour {
	readonly patch: RealDiff;
	/** The file with the other change alone, and with both. */
	readonly other: string;
	readonly both: string;
}

/** Pairs of changes of one file that do not touch each other, as git's merge judges. */
export function neighboursOf(diffs: readonly RealDiff[]): readonly Neighbour[] {
	const byStart = new Map(diffs.map((diff) => [`${diff.path}\0${diff.before}`, diff]));
	const folder = mkdtempSync(join(tmpdir(), "in-head-"));
	try {
		const merge = (ours: string, base: string, theirs: string) => mergeFile(folder, ours, base, theirs);
		return diffs.flatMap((patch): Neighbour[] => {
			const next = byStart.get(`${patch.path}\0${patch.after}`);
			if (next === undefined) return [];
			const other = merge(patch.before, patch.after, next.after);
			if (other === undefined || other === patch.before) return [];
			return merge(other, patch.before, patch.after) === next.after
				? [{ patch, other, both: next.after }]
				: [];
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** undefined where they conflict. */
function mergeFile(folder: string, ours: string, base: string, theirs: string): string | undefined {
	for (const [name, text] of Object.entries({ ours, base, theirs })) writeFileSync(join(folder, name), text);
	try {
		return execFileSync("git", ["merge-file", "-p", "ours", "base", "theirs"], {
			cwd: folder,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
			maxBuffer: 64 * 1024 * 1024,
		});
	} catch {
		return undefined;
	}
}

/** Another team's settings of a real formatter, for each file that it knows: undefined for others. */
export function reformatted(diffs: readonly RealDiff[]): readonly (string | undefined)[] {
	const folder = mkdtempSync(join(tmpdir(), "in-head-"));
	try {
		const isTabbed = (text: string) => /^\t/m.test(text);
		for (const [index, { path, after }] of diffs.entries()) {
			const side = isTabbed(after) ? "tabbed" : "spaced";
			mkdirSync(join(folder, side), { recursive: true });
			writeFileSync(join(folder, side, `${index}${extname(path)}`), after);
		}
		for (const side of ["tabbed", "spaced"]) format(join(folder, side), side === "tabbed" ? "space" : "tab");
		return diffs.map(({ path, after }, index) => {
			const file = join(folder, isTabbed(after) ? "tabbed" : "spaced", `${index}${extname(path)}`);
			const text = readFileSync(file, "utf8");
			return text === after ? undefined : text;
		});
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function format(folder: string, indentStyle: "space" | "tab"): void {
	mkdirSync(folder, { recursive: true });
	const settings = {
		formatter: { indentStyle, indentWidth: 2, lineWidth: 72 },
		javascript: {
			formatter: { quoteStyle: "single", semicolons: "asNeeded", trailingCommas: "none" },
		},
	};
	writeFileSync(join(folder, "biome.json"), JSON.stringify(settings));
	const biome = join(import.meta.dirname, "../node_modules/.bin/biome");
	try {
		execFileSync(biome, ["format", "--write", "--files-max-size=4000000", "."], {
			cwd: folder,
			stdio: "ignore",
		});
	} catch {
		// Files with syntax that it does not know stay as they are.
	}
}

/** The patch without the later half of its hunks. */
export function halfOf({ before, hunks }: RealDiff): string | undefined {
	if (hunks.length < 2) return undefined;
	const lines = before.split("\n");
	for (const { at, oldLines, newLines } of hunks.slice(0, Math.ceil(hunks.length / 2)).reverse())
		lines.splice(at, oldLines.length, ...newLines);
	return lines.join("\n");
}

/** One word of one added line is another, of three lines or more that are added together. */
export function editedOf({ after, hunks }: RealDiff): string | undefined {
	let offset = 0;
	for (const { at, oldLines, newLines, keptFrom } of hunks) {
		for (let index = 0; index + 2 < newLines.length; index += 1) {
			const isNew = [0, 1, 2].every((more) => (keptFrom[index + more] ?? -1) < 0);
			const line = newLines[index + 1] ?? "";
			const word = /\b[a-z]{4,}\b/.exec(line)?.[0];
			if (!isNew || word === undefined) continue;
			const lines = after.split("\n");
			const place = at + offset + index + 1;
			if (lines[place] !== line) continue;
			lines[place] = line.replace(word, `${word}Other`);
			return lines.join("\n");
		}
		offset += newLines.length - oldLines.length;
	}
	return undefined;
}

/** Writes all stories into one repository, each in a folder of its own. @returns each story's commits */
export function writeStories(folder: string, stories: readonly Story[]): readonly (readonly string[])[] {
	execFileSync("git", ["init", "-q", "-b", "main", folder]);
	const parts: Buffer[] = [];
	let mark = 0;
	const commit = (files: readonly (readonly [path: string, text: string])[]) => {
		mark += 1;
		const subject = `Change ${mark}`;
		parts.push(
			Buffer.from(
				`commit refs/heads/main\nmark :${mark}\ncommitter T <t@example.com> ${1_760_000_000 + mark * 60} +0000\ndata ${subject.length}\n${subject}\n`,
			),
		);
		for (const [path, text] of files) {
			const content = Buffer.from(text);
			parts.push(
				Buffer.from(`M 100644 inline "${path}"\ndata ${content.length}\n`),
				content,
				Buffer.from("\n"),
			);
		}
		return mark;
	};
	const pathOf = (index: number) => `${index}/${stories[index]?.patch.path ?? ""}`;
	commit(stories.map(({ texts }, index) => [pathOf(index), texts[0] ?? ""]));
	const marks = stories.map(({ texts, others = [] }, index) => [
		1,
		...texts
			.slice(1)
			.map((text) =>
				commit([
					[pathOf(index), text],
					...others.map(({ path, after }, more) => [`${index}/${more}/${path}`, after] as const),
				]),
			),
	]);
	execFileSync("git", ["fast-import", "--quiet", "--export-marks=marks"], {
		cwd: folder,
		input: Buffer.concat(parts),
		maxBuffer: 1024 * 1024 * 1024,
	});
	const exported = readFileSync(join(folder, "marks"), "utf8").trim().split("\n");
	const ids = new Map(exported.map((row) => [Number(row.slice(1).split(" ")[0]), row.split(" ")[1] ?? ""]));
	return marks.map((own) => own.map((one) => ids.get(one) ?? ""));
}
