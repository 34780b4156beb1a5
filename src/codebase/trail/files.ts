// The files of one search: their facts, read once, and what a name in one of them means.

import { posix } from "node:path";
import type { RepositoryRoot } from "../../system/index.ts";
import { listFiles } from "../find/list-files.ts";
import { fileKind } from "../find/paths.ts";
import type { Sources } from "../find/read-page.ts";
import { languageOf, type Node, withTree } from "../syntax/syntax.ts";
import type { LineRange } from "../way/line-range.ts";
import { type Definition, type FileFacts, factsOf } from "./facts.ts";
import { Modules } from "./modules.ts";

/** A function or class of a file. */
export interface Place extends LineRange {
	readonly path: string;
	readonly name: string;
	readonly holder: string | undefined;
}

export interface FilesOptions {
	readonly root: RepositoryRoot;
	readonly sources: Sources;
	/** Which files are code that may be shown. */
	readonly accepts: (path: string) => boolean;
	readonly signal: AbortSignal;
}

/** How often a name is followed from one file that passes it on to the next. */
const maxPasses = 4;
/** Files of a Go package. */
const maxSiblings = 30;

export class Files {
	readonly options: FilesOptions;
	readonly #facts = new Map<string, Promise<FileFacts | undefined>>();
	#listed: Promise<{ readonly modules: Modules; readonly files: readonly string[] }> | undefined;

	constructor(options: FilesOptions) {
		this.options = options;
	}

	/** Passes a file's tree to `use`; undefined for a file that cannot be parsed. */
	async tree<T>(path: string, use: (root: Node, text: string) => T): Promise<T | undefined> {
		const language = languageOf(path);
		const source = language === undefined ? undefined : await this.options.sources(path);
		if (language === undefined || source === undefined) return undefined;
		return withTree(language, source.text, (root) => use(root, source.text));
	}

	facts(path: string): Promise<FileFacts | undefined> {
		const reading = this.#facts.get(path) ?? this.tree(path, (root) => factsOf(path, root));
		this.#facts.set(path, reading);
		return reading;
	}

	/** The file and the name there that a local name stands for; `*` for a whole module. */
	async meaning(
		path: string,
		local: string,
	): Promise<{ readonly path: string; readonly name: string } | undefined> {
		const binding = (await this.facts(path))?.bindings.find((one) => one.local === local);
		if (binding === undefined || path.endsWith(".go")) return undefined;
		const file = (await this.#list()).modules.fileOf(binding.source, path);
		return file === undefined ? undefined : this.#passedOn(file, binding.imported, maxPasses);
	}

	/** Where a name that a file gives to others is defined. */
	async #passedOn(path: string, name: string, passes: number): Promise<{ path: string; name: string }> {
		const here = { path, name };
		const facts = await this.facts(path);
		if (facts === undefined || name === "*" || passes === 0) return here;
		const own = name === "default" ? (facts.defaultName ?? name) : name;
		if (own === "" || facts.definitions.some((one) => one.name === own && one.holder === undefined)) {
			return { path, name: own === "" ? "default" : own };
		}
		const { modules } = await this.#list();
		const binding = facts.bindings.find(({ local }) => local === own);
		const [named] = facts.reexports.filter(({ exported }) => exported === name);
		for (const from of [binding, named]) {
			const file = from === undefined ? undefined : modules.fileOf(from.source, path);
			if (from !== undefined && file !== undefined) return this.#passedOn(file, from.imported, passes - 1);
		}
		for (const { source } of facts.reexports.filter(({ exported }) => exported === "*")) {
			const file = modules.fileOf(source, path);
			const found = file === undefined ? undefined : await this.#passedOn(file, name, passes - 1);
			if (found !== undefined && (await this.#defines(found))) return found;
		}
		return { path, name: own };
	}

	async #defines({ path, name }: { readonly path: string; readonly name: string }): Promise<boolean> {
		return (await this.facts(path))?.definitions.some((one) => one.name === name) === true;
	}

	/** Other files of a Go file's package, or of the package that a name stands for in it. */
	async packageOf(path: string, local: string | undefined): Promise<readonly string[]> {
		if (!path.endsWith(".go")) return [];
		const { files } = await this.#list();
		const binding = (await this.facts(path))?.bindings.find((one) => one.local === local);
		if (local !== undefined && binding === undefined) return [];
		const own = posix.dirname(path);
		const isMeant = (folder: string) =>
			binding === undefined ? folder === own : folder !== "." && `/${binding.source}`.endsWith(`/${folder}`);
		return files.filter((file) => file.endsWith(".go") && isMeant(posix.dirname(file))).slice(0, maxSiblings);
	}

	/** The definition in a file, of a member if a holder is named; a name of no holder wins. */
	async definitionIn(path: string, name: string, holder?: string): Promise<Place | undefined> {
		const facts = await this.facts(path);
		const all = facts?.definitions.filter((one) => one.name === name) ?? [];
		const own = holder === undefined ? all.find((one) => one.holder === undefined) : undefined;
		const found = own ?? all.find((one) => holder !== undefined && one.holder === holder);
		if (found !== undefined) return placeOf(path, found);
		const base = holder === undefined ? undefined : facts?.bases.get(holder);
		if (base === undefined) return undefined;
		const meant = (await this.meaning(path, base)) ?? { path, name: base };
		return meant.path === path && meant.name === holder
			? undefined
			: this.definitionIn(meant.path, name, meant.name);
	}

	#list() {
		this.#listed ??= (async () => {
			const { root, accepts, signal } = this.options;
			const isCode = (path: string) =>
				languageOf(path) !== undefined && fileKind(path) !== "test" && accepts(path);
			const { files } = await listFiles({ root, accepts: isCode, signal });
			return { files, modules: new Modules(files) };
		})();
		return this.#listed;
	}
}

export function placeOf(path: string, { name, holder, from, to }: Definition): Place {
	return { path, name, holder, from, to };
}

export function isSamePlace(one: Place, other: Place): boolean {
	return one.path === other.path && one.from === other.from && one.name === other.name;
}
