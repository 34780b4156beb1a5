/**
 * Measures search_codebase: `npx tsx bench/search.ts [folder]`. Without a folder it makes a tree of 12,000 files
 * with a history. Needs the built server (`npm run build`). Prints tables; `measureSearch` returns the figures.
 */
import { execFile, execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { rgPath } from "@vscode/ripgrep";
import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { renderSearch } from "../src/answer/search-text.ts";
import { type CodeSearch, createCodeSearch } from "../src/codebase/search.ts";
import { createGit } from "../src/system/git.ts";
import { type RepositoryRoot, resolveRepositoryRoot } from "../src/system/repository.ts";
import {
	corpusFiles,
	isCode,
	labels,
	layOut,
	names,
	temporaryFolder,
} from "../test/codebase/corpus/lay-out.ts";
import { type Score, scoreCorpus } from "../test/codebase/corpus/score.ts";
import { connect } from "../test/e2e/connect.ts";
import { milliseconds, sideBySide } from "./figures.ts";
import { openHost } from "./plain-host.ts";

const run = promisify(execFile);
const signal = new AbortController().signal;

interface Timing {
	readonly pattern: string;
	readonly bareMs: number;
	readonly oursMs: number;
	/** The median of the rounds' ratios. */
	readonly ratio: number;
	/** What the history adds, the median of the rounds' differences. */
	readonly historyMs: number;
	readonly matches: number;
	readonly files: number;
}

export interface SearchFigures {
	readonly score: Score;
	readonly files: number;
	readonly timings: readonly Timing[];
	/** Resident bytes at their highest while 100,000 matches were searched, in the built server; undefined where the system does not report it. */
	readonly peakBytes: number | undefined;
	readonly matchesAtPeak: number;
	readonly tokens: { readonly codes: number; readonly ours: number; readonly grep: number };
}

export async function measureSearch(folder?: string): Promise<SearchFigures> {
	const corpus = await temporaryFolder();
	const tree = folder === undefined ? await temporaryFolder() : undefined;
	try {
		await layOut(corpus.root, corpusFiles);
		commitAll(corpus.root);
		const search = searchIn(corpus.root);
		const score = await scoreCorpus(search);
		const tokens = await measureTokens(search, corpus.root);
		const root = tree?.root ?? (await resolveRepositoryRoot(folder ?? "."));
		if (tree !== undefined) await makeTree(root);
		const timings: Timing[] = [];
		const patterns = ["LLM_TIMEOUT", "refreshToken12", "const value", "doesNotOccurAnywhere"];
		for (const pattern of patterns) timings.push(await time(root, pattern));
		const peak = await measurePeak(root);
		return { score, files: await countFiles(root), timings, ...peak, tokens };
	} finally {
		await corpus.remove();
		await tree?.remove();
	}
}

function searchIn(root: RepositoryRoot): CodeSearch {
	return createCodeSearch({ root, git: createGit(root) });
}

function commitAll(root: string): void {
	const git = (...args: string[]) =>
		execFileSync("git", ["-c", "user.name=bench", "-c", "user.email=bench@example.com", ...args], {
			cwd: root,
			stdio: "ignore",
		});
	git("init", "--quiet");
	git("add", "--all");
	git("commit", "--quiet", "--message", "all of it");
}

const folders = 120;
const filesPerFolder = 100;

/** 12,000 TypeScript files of about 2 kB; some with the corpus's code, one in ten with a line that matches often. */
export async function makeTree(root: string): Promise<void> {
	const files: Record<string, string> = { ...corpusFiles };
	for (let folder = 0; folder < folders; folder += 1) {
		for (let file = 0; file < filesPerFolder; file += 1) {
			const id = folder * filesPerFolder + file;
			const body = Array.from(
				{ length: 20 },
				(_, line) =>
					`\tconst value${line} = step(${id}, ${line}); // a line of an ordinary length, ${id * line}\n`,
			).join("");
			files[`modules/m${folder}/file${file}.ts`] =
				`import { step } from './step.js';\n\nexport function refreshToken${id}(input: number): number {\n${body}\treturn input;\n}\n`;
		}
	}
	await layOut(root, files);
	commitAll(root);
}

/** The built server over stdio and the bare program, in turns. */
async function time(root: RepositoryRoot, pattern: string): Promise<Timing> {
	const { matches, fileCount } = await searchIn(root).search({ query: pattern, history: false }, signal);
	const { call, close } = await openHost({ PROD_DEBUGGER_REPO: root });
	const search = (history: boolean) =>
		milliseconds(() => call("search_codebase", { query: pattern, history }));
	const bare = () =>
		milliseconds(() =>
			run(rgPath, ["--json", "--no-config", "-F", "-e", pattern, "--", "."], {
				cwd: root,
				maxBuffer: 2 ** 30,
			}).catch(() => undefined),
		);
	try {
		const plain = await sideBySide(() => search(false), bare);
		const history = await sideBySide(
			() => search(true),
			() => search(false),
		);
		return {
			pattern,
			matches,
			files: fileCount,
			oursMs: plain.ours,
			bareMs: plain.peer,
			ratio: plain.ratio,
			historyMs: history.difference,
		};
	} finally {
		await close();
	}
}

/** In the built server, called over stdio as a host does. Linux reports the peak size of a process. */
async function measurePeak(root: string): Promise<{ peakBytes: number | undefined; matchesAtPeak: number }> {
	const { client, call, close } = await connect({ env: { PROD_DEBUGGER_REPO: root } });
	try {
		let text = "";
		for (let round = 0; round < 3; round += 1) ({ text } = await call("search_codebase", { query: "step(" }));
		const transport = client.transport as { readonly pid?: number | null } | undefined;
		const status = await readFile(`/proc/${transport?.pid}/status`, "utf8").catch(() => "");
		const peak = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
		return {
			peakBytes: peak === undefined ? undefined : Number(peak) * 1024,
			matchesAtPeak: Number(/^(\d+) match/.exec(text)?.[1] ?? 0),
		};
	} finally {
		await close();
	}
}

/** Lines that a reader opens around each place that grep names. */
const readAround = 20;

/**
 * "Where is this code raised": our answer at its defaults, against grep over all source files followed by reading
 * 20 lines on either side of every match, once where they overlap.
 */
async function measureTokens(search: CodeSearch, root: string): Promise<SearchFigures["tokens"]> {
	const raised = names.filter(
		(name) => isCode(name) && labels.some((label) => label.name === name && label.role === "raises"),
	);
	let [ours, grep] = [0, 0];
	for (const code of raised) {
		ours += encode(renderSearch(await search.search({ errorCode: code }, signal))).length;
		grep += encode(await grepAndRead(root, code)).length;
	}
	return { codes: raised.length, ours, grep };
}

async function grepAndRead(root: string, code: string): Promise<string> {
	const include = ["ts", "tsx", "js", "mjs", "py", "go"].map((type) => `--include=*.${type}`);
	const { stdout } = await run("grep", ["-rn", code, ...include, "."], { cwd: root });
	const wanted = new Map<string, Set<number>>();
	for (const row of stdout.split("\n")) {
		const [, path, line] = /^\.\/([^:]+):(\d+):/.exec(row) ?? [];
		if (path === undefined) continue;
		const lines = wanted.get(path) ?? new Set<number>();
		wanted.set(path, lines);
		for (let at = Number(line) - readAround; at <= Number(line) + readAround; at += 1) lines.add(at);
	}
	const read: string[] = [stdout];
	for (const [path, lines] of wanted) {
		const text = (await readFile(join(root, path), "utf8")).split("\n");
		read.push(
			path,
			...text.flatMap((line, index) => (lines.has(index + 1) ? [`${index + 1}\t${line}`] : [])),
		);
	}
	return read.join("\n");
}

async function countFiles(root: string): Promise<number> {
	const entries = await readdir(root, { recursive: true, withFileTypes: true });
	return entries.filter((entry) => entry.isFile() && !entry.parentPath.includes("/.git")).length;
}

function percent(part: number, whole: number): string {
	return `${((100 * part) / whole).toFixed(1)} %`;
}

export function printSearch({
	score,
	files,
	timings,
	peakBytes,
	matchesAtPeak,
	tokens,
}: SearchFigures): void {
	console.table({
		"first result right": `${score.firstRight}/${score.names} (${percent(score.firstRight, score.names)})`,
		"all raising lines in the first 5": `${score.raisedFirst}/${score.raised} (${percent(score.raisedFirst, score.raised)})`,
		"enclosing names right": `${score.enclosingRight}/${score.enclosing} (${percent(score.enclosingRight, score.enclosing)})`,
	});
	console.log("Roles: labelled (rows), found (columns)");
	console.table(
		Object.fromEntries([...score.confusion].map(([role, row]) => [role, Object.fromEntries(row)])),
	);
	for (const wrong of score.wrong) console.log(`wrong: ${wrong}`);
	console.log(`${files} files; medians of 15 rounds`);
	console.table(
		timings.map(({ pattern, bareMs, oursMs, ratio, historyMs, matches, files: found }) => ({
			pattern,
			matches,
			files: found,
			"rg --json ms": bareMs.toFixed(0),
			"ours ms": oursMs.toFixed(0),
			times: ratio.toFixed(2),
			"history adds ms": historyMs.toFixed(0),
		})),
	);
	const peak =
		peakBytes === undefined ? "not measured here" : `at most ${(peakBytes / 2 ** 20).toFixed(0)} MiB`;
	console.log(`resident memory of the server while ${matchesAtPeak} matches were searched: ${peak}`);
	console.log(
		`tokens for "where is it raised", ${tokens.codes} codes: ${tokens.ours} against ${tokens.grep} (${percent(tokens.ours, tokens.grep)})`,
	);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	printSearch(await measureSearch(process.argv[2]));
}
