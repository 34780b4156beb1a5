// Loads grammars, parses files, and finds syntax errors.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import type { Language as Grammar, Node, Parser } from "web-tree-sitter";
import { type AssetName, assetPath, once } from "../../system/index.ts";

export type { Node } from "web-tree-sitter";

/** Languages with a grammar. */
export type Language = "typescript" | "tsx" | "javascript" | "python" | "go";

const languageByExtension: ReadonlyMap<string, Language> = new Map([
	["ts", "typescript"],
	["mts", "typescript"],
	["cts", "typescript"],
	["tsx", "tsx"],
	["js", "javascript"],
	["mjs", "javascript"],
	["cjs", "javascript"],
	["jsx", "javascript"],
	["py", "python"],
	["pyi", "python"],
	["go", "go"],
]);

const assets: Readonly<Record<Language, AssetName>> = {
	typescript: "tree-sitter-typescript.wasm",
	tsx: "tree-sitter-tsx.wasm",
	javascript: "tree-sitter-javascript.wasm",
	python: "tree-sitter-python.wasm",
	go: "tree-sitter-go.wasm",
};

/** By the file's last extension; undefined for a language without a grammar. */
export function languageOf(path: string): Language | undefined {
	return languageByExtension.get(path.slice(path.lastIndexOf(".") + 1).toLowerCase());
}

/** Upper bound, in characters, of a text to parse: a longer file is data or generated. */
export const maxParsedLength = 1_000_000;
/** A parse is aborted after this number of milliseconds. */
const maxParseMs = 1000;
/** Size of the cache of trees, in characters of text: an investigation returns to the same files. */
const maxKeptLength = 1_500_000;

interface Engine {
	readonly parser: Parser;
	readonly grammar: (language: Language) => Promise<Grammar>;
}

/** The engine takes about 15 ms to load, a grammar 1 to 6 ms: loaded once, at first use. */
async function loadEngine(): Promise<Engine> {
	const [{ Parser, Language }, wasmBinary] = await Promise.all([
		import("web-tree-sitter"),
		readFile(assetPath("web-tree-sitter.wasm")),
	]);
	await Parser.init({ wasmBinary });
	const grammars = new Map<Language, () => Promise<Grammar>>();
	return {
		parser: new Parser(),
		grammar: (language) => {
			const load =
				grammars.get(language) ??
				once(async () => Language.load(await readFile(assetPath(assets[language]))));
			grammars.set(language, load);
			return load();
		},
	};
}

const engine = once(loadEngine);

interface KeptTree {
	readonly root: Node;
	readonly length: number;
	readonly delete: () => void;
}

/** Least recently used first. */
const kept = new Map<string, KeptTree>();
let keptLength = 0;

/**
 * Parses a text and passes its syntax tree to `use`. Nodes must not outlive that call: the engine reuses their memory.
 * Positions in nodes count UTF-16 units, as strings do.
 *
 * @returns undefined if the text is longer than `maxParsedLength`, or parsing took over a second
 */
export async function withTree<T>(
	language: Language,
	text: string,
	use: (root: Node) => T,
): Promise<T | undefined> {
	if (text.length > maxParsedLength) return undefined;
	const { parser, grammar } = await engine();
	const loaded = await grammar(language);
	const key = `${language}:${createHash("sha1").update(text).digest("base64")}`;
	const known = kept.get(key);
	if (known !== undefined) {
		kept.delete(key);
		kept.set(key, known);
		return use(known.root);
	}
	const started = performance.now();
	parser.setLanguage(loaded);
	// In slices: given a whole string, the engine copies the rest of it at every step.
	const tree = parser.parse((index) => text.slice(index, index + 8192), null, {
		progressCallback: () => performance.now() - started > maxParseMs,
	});
	if (tree === null) {
		parser.reset();
		return undefined;
	}
	keep(key, { root: tree.rootNode, length: text.length, delete: () => tree.delete() });
	return use(tree.rootNode);
}

/** Evicts first, so that the tree about to be used stays. */
function keep(key: string, tree: KeptTree): void {
	for (const [oldest, { length, delete: free }] of kept) {
		if (keptLength + tree.length <= maxKeptLength) break;
		kept.delete(oldest);
		keptLength -= length;
		free();
	}
	kept.set(key, tree);
	keptLength += tree.length;
}

/** A syntax error. */
export interface SyntaxProblem {
	readonly kind: "error" | "missing";
	/** 1-based. */
	readonly line: number;
	/** 1-based, in UTF-16 units. */
	readonly column: number;
	/** The text there, at most 80 characters; for something missing, what is expected. */
	readonly text: string;
}

const maxProblems = 100;

/**
 * A text's syntax errors, at most 100.
 *
 * @returns undefined if the language has no grammar, or the text takes too long to parse
 */
export async function syntaxProblems(
	path: string,
	text: string,
): Promise<readonly SyntaxProblem[] | undefined> {
	const language = languageOf(path);
	if (language === undefined) return undefined;
	return withTree(language, text, (root) => {
		const found: SyntaxProblem[] = [];
		const open: Node[] = [root];
		for (let node = open.pop(); node !== undefined && found.length < maxProblems; node = open.pop()) {
			if (!node.hasError && !node.isMissing) continue;
			if (node.isError || node.isMissing) {
				const { row, column } = node.startPosition;
				found.push({
					kind: node.isMissing ? "missing" : "error",
					line: row + 1,
					column: column + 1,
					text: node.isMissing
						? node.type
						: text.slice(node.startIndex, Math.min(node.endIndex, node.startIndex + 80)),
				});
			}
			// Last first, so that problems come in the order of the text.
			for (const child of [...node.children].reverse()) if (child !== null) open.push(child);
		}
		return found;
	});
}
