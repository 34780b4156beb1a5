// Renders one commit as text: the changes near the code first, shortened in steps until they fit.

import { type CommitStory, placeWords, type StoryBlock, type StoryFile } from "../cause/index.ts";
import type { Spot } from "../codebase/index.ts";
import {
	fits,
	isoInstant,
	joined,
	markedBlock,
	quoteUntrusted,
	type SafeText,
	safeText,
	secretsOnly,
} from "../text/index.ts";
import { foreign, shortLine } from "./code-line.ts";
import { count } from "./commit-words.ts";
import { shortHash } from "./suspects.ts";

/** How much of a commit is shown. */
interface Detail {
	/** Lines of all hunks together, and of one of them. */
	readonly lines: number;
	readonly blockLines: number;
	/** Characters of a line, and of the message. */
	readonly length: number;
	readonly message: number;
	/** Files without hunks that are named. */
	readonly names: number;
}

const brief: Detail = { lines: 140, blockLines: 40, length: 200, message: 1200, names: 20 };
/** Where a path was given. */
const full: Detail = { lines: 700, blockLines: 700, length: 300, message: 400, names: 100 };
const steps = 12;
const maxSubject = 200;

export interface AskedCommit {
	readonly commit: string;
	readonly path?: string | undefined;
	readonly error_code?: string | undefined;
}

/** A commit as an agent reads it. */
export function renderCommit(story: CommitStory, asked: AskedCommit): SafeText {
	let detail = asked.path === undefined ? brief : full;
	for (let step = 0; ; step += 1) {
		const text = render(story, asked, detail);
		if (fits(text) || step === steps) return text;
		detail = {
			lines: Math.floor(detail.lines * 0.7),
			blockLines: Math.floor(detail.blockLines * 0.7),
			length: Math.max(80, Math.floor(detail.length * 0.85)),
			message: Math.floor(detail.message * 0.7),
			names: Math.floor(detail.names * 0.7),
		};
	}
}

function render(story: CommitStory, asked: AskedCommit, detail: Detail): SafeText {
	const chosen = chooseBlocks(story.files, detail.lines, detail.blockLines);
	const sentences = [
		headSentence(story, asked),
		...placeSentences(story),
		...revertSentences(story),
		...gapSentences(story),
		...nearSentences(story, asked),
		...shownSentences(story, asked, chosen),
	];
	const body = [...messageLines(story, detail.message), ...fileLines(story.files, chosen, detail)];
	const head = safeText(sentences.join(" "), secretsOnly);
	return joined([head, safeText(markedBlock("repository", body.join("\n")), secretsOnly)], "\n");
}

function headSentence({ head, files }: CommitStory, { path }: AskedCommit): string {
	const sum = (side: "added" | "removed") =>
		files.reduce((all, { counts }) => all + (counts?.[side] ?? 0), 0);
	const where = path === undefined ? "" : ` at ${quoteUntrusted(path, 120)}`;
	const lines = head.missing === "nothing" ? `, +${sum("added")} -${sum("removed")} lines` : "";
	const size =
		head.isBoundary || head.missing === "names"
			? ""
			: `: ${count(files.length, "file", "files")}${lines}${where}`;
	return `Commit ${shortHash(head.id)} of ${isoInstant(head.at)}${size}.`;
}

function placeSentences({ head, deployment, isPlaced }: CommitStory): readonly string[] {
	const [first] = head.parents;
	return [
		...(head.parents.length > 1 && first !== undefined
			? [`A merge: shown is what it brought to its first parent, ${shortHash(first)}.`]
			: []),
		...(head.isInHead ? [] : ["HEAD does not contain it: it is on another branch, or was dropped."]),
		...(deployment !== undefined
			? [`First deployed ${isoInstant(deployment.at)}.`]
			: isPlaced
				? ["No known deployment carries it yet."]
				: []),
	];
}

function revertSentences({ head, reverts }: CommitStory): readonly string[] {
	const [first, ...rest] = reverts;
	const undone =
		first === undefined
			? []
			: [
					`Reverted ${isoInstant(first.at)} by ${shortHash(first.id)}${rest.map(({ id, at }) => `, which ${shortHash(id)} reverted ${isoInstant(at)}`).join("")}.`,
				];
	const [own] = head.reverts;
	return [...undone, ...(own === undefined ? [] : [`It reverts ${shortHash(own)}.`])];
}

function gapSentences({ head, isCut }: CommitStory): readonly string[] {
	return [
		...(head.isBoundary
			? [
					"The clone is shallow and ends at this commit, so what it changed is not known here: ask the user for git fetch --unshallow.",
				]
			: []),
		...(head.missing === "contents"
			? ["Files' contents are missing (a partial clone), so only names are known."]
			: []),
		...(head.missing === "names"
			? ["Objects are missing (a partial clone), so its files are not known."]
			: []),
		...(isCut ? ["It is too large to be read whole."] : []),
	];
}

function nearSentences(
	{ files, raising, near = [], head }: CommitStory,
	{ error_code }: AskedCommit,
): readonly string[] {
	if (error_code === undefined || head.isBoundary) return [];
	const code = quoteUntrusted(error_code, 100);
	if (raising === 0) return [`No line here raises ${code}, so only names tell what is near it.`];
	const isNear = files.some(({ blocks }) => blocks?.some(({ spot }) => spot !== undefined));
	if (isNear) return [];
	// As suspect_commits says it: the setting or package is on the way, and no line of it is.
	if (near.length > 0) return near.map((words) => `On the way to ${code}, it ${foreign(words, 240)}.`);
	return [`None of these changes is on the way to ${code} as the code is now.`];
}

function shownSentences(
	{ files, head }: CommitStory,
	{ commit, path }: AskedCommit,
	chosen: ReadonlyMap<StoryBlock, number>,
): readonly string[] {
	const blocks = files.flatMap((file) => file.blocks ?? []);
	const isWhole = (file: StoryFile) =>
		file.blocks === undefined
			? file.isBinary || head.missing !== "nothing"
			: file.blocks.every((block) => chosen.get(block) === block.lines.length);
	const cut = files.find((file) => !isWhole(file));
	if (cut === undefined) return [];
	const isShort = [...chosen].some(([{ lines }, shown]) => shown < lines.length);
	const unread = files.filter((file) => file.blocks === undefined && !isWhole(file)).length;
	const of =
		unread === 0
			? `${chosen.size} of ${count(blocks.length, "hunk", "hunks")}`
			: count(chosen.size, "hunk", "hunks");
	const shown = `Shown: ${of}${isShort ? ", some of them cut" : ""}.`;
	if (cut.path === path) return [shown, "search_codebase shows the file as it is now (path and lines)."];
	const from = `commit ${quoteUntrusted(commit, 80)} and path ${quoteUntrusted(cut.path, 200)}`;
	return [shown, `More: show_commit with ${from}.`];
}

function messageLines({ head, deployment, reverts }: CommitStory, length: number): readonly string[] {
	const body = head.body.slice(0, length);
	const tags = head.tags.slice(0, 5).map((tag) => foreign(tag, 60));
	const version = deployment?.version;
	return [
		foreign(head.subject, maxSubject),
		...(body === "" ? [] : body.split("\n").map((line) => `  ${shortLine(line, undefined, 300)}`)),
		...(body.length < head.body.length ? ["  … (the message is cut here)"] : []),
		...(tags.length === 0 ? [] : [`tags: ${tags.join(", ")}${head.tags.length > 5 ? " and more" : ""}`]),
		...(version === undefined ? [] : [`deployed as ${foreign(version, 60)}`]),
		...reverts.map(({ id, subject }) => `${shortHash(id)}: ${foreign(subject, maxSubject)}`),
	];
}

/** The lines shown of each block: those near the code first, until all lines together are used up. */
function chooseBlocks(
	files: readonly StoryFile[],
	lines: number,
	blockLines: number,
): ReadonlyMap<StoryBlock, number> {
	const chosen = new Map<StoryBlock, number>();
	let left = lines;
	for (const { block, limit } of byWorth(files)) {
		const shown = Math.min(block.lines.length, blockLines, limit, left);
		if (shown <= 0) break;
		chosen.set(block, shown);
		left -= shown;
	}
	return chosen;
}

/** Lines shown of a file that was deleted: enough to know it. */
const maxDeleted = 10;

/** Near the code first; imports and deleted files last. */
function byWorth(
	files: readonly StoryFile[],
): readonly { readonly block: StoryBlock; readonly limit: number }[] {
	const all = files.flatMap(({ blocks = [], kind }) =>
		blocks.map((block) => {
			const isGone = kind === "deleted";
			const worth = block.spot !== undefined ? 0 : isGone ? 3 : onlyImports(block) ? 2 : 1;
			return { block, worth, limit: isGone ? maxDeleted : Number.POSITIVE_INFINITY };
		}),
	);
	return all.sort((one, other) => one.worth - other.worth);
}

const importLine =
	/^\s*(?:import\b|from\s|export\s.*\sfrom\s|(?:const|let|var)\s.*=\s*require\(|use\s|#include\b|[\w\s,{}]*\}\s*from\s|$)/;

function onlyImports({ lines }: StoryBlock): boolean {
	return lines.every(({ sign, text }) => sign === " " || importLine.test(text));
}

function fileLines(
	files: readonly StoryFile[],
	chosen: ReadonlyMap<StoryBlock, number>,
	{ length, names }: Detail,
): readonly string[] {
	const shown = files.filter(({ blocks }) => blocks?.some((block) => chosen.has(block)));
	const rest = files.filter((file) => !shown.includes(file));
	const more = rest.slice(names);
	return [
		...shown.flatMap((file) => [
			`# ${fileWords(file)}`,
			...(file.blocks ?? []).flatMap((block) => blockLines(block, chosen.get(block) ?? 0, length)),
			...leftOut(file, chosen),
		]),
		...(rest.length === 0 ? [] : [shown.length === 0 ? "# files" : "# other files"]),
		...rest.slice(0, names).map(fileWords),
		...(more.length === 0 ? [] : [`and ${count(more.length, "more file", "more files")}`]),
	];
}

function fileWords({ path, oldPath, counts, kind, isBinary }: StoryFile): string {
	const name = oldPath === undefined ? foreign(path) : `${foreign(oldPath)} -> ${foreign(path)}`;
	const size =
		counts === undefined
			? isBinary
				? " (binary, or over 2 MB)"
				: ""
			: ` +${counts.added} -${counts.removed}`;
	return `${name}${kind === "changed" ? "" : ` (${kind})`}${size}`;
}

function blockLines(block: StoryBlock, shown: number, length: number): readonly string[] {
	if (shown === 0) return [];
	const { line, enclosing, lines, spot } = block;
	const inside = enclosing === undefined ? "" : ` in ${foreign(enclosing, 100)}`;
	const near = spot === undefined ? "" : `: ${foreign(nearWords(spot, enclosing), 200)}`;
	const left = lines.length - shown;
	return [
		`@@ line ${line}${inside}${near}`,
		...lines.slice(0, shown).map(({ sign, text }) => `${sign}${shortLine(text, undefined, length)}`),
		...(left === 0 ? [] : [`… (${count(left, "more line", "more lines")})`]),
	];
}

function nearWords({ name, ...spot }: Spot, enclosing: string | undefined): string {
	const isTold = name === undefined || enclosing?.endsWith(name) === true;
	return placeWords(isTold ? spot : { name, ...spot });
}

function leftOut({ blocks = [] }: StoryFile, chosen: ReadonlyMap<StoryBlock, number>): readonly string[] {
	const left = blocks.filter((block) => !chosen.has(block)).length;
	return left === 0 ? [] : [`… (${count(left, "more hunk", "more hunks")} of this file)`];
}
