// Which file a module's name means, judged by the files that there are.

import { posix } from "node:path";

const endings = /\.(?:[cm]?[jt]sx?|pyi?|go)$/;

/** One repository's files by their path without ending. */
export class Modules {
	readonly #byBare = new Map<string, string>();
	/** By the last part of the path without ending. */
	readonly #byTail = new Map<string, string[]>();

	/** @param files code files below the root */
	constructor(files: readonly string[]) {
		for (const file of files) {
			if (!endings.test(file)) continue;
			const bare = file.replace(endings, "");
			if (!this.#byBare.has(bare) || !file.endsWith(".d.ts")) this.#byBare.set(bare, file);
			const tail = posix.basename(bare);
			this.#byTail.set(tail, [...(this.#byTail.get(tail) ?? []), bare]);
		}
	}

	/** @param source as an import statement of the file `from` writes it; undefined for a package from elsewhere */
	fileOf(source: string, from: string): string | undefined {
		if (source.startsWith(".") && source.includes("/"))
			return this.#at(posix.join(posix.dirname(from), source));
		if (source === "." || source === "..") return this.#at(posix.join(posix.dirname(from), source));
		if (/\.pyi?$/.test(from)) return this.#python(source, from);
		return this.#aliased(source, from);
	}

	#at(path: string): string | undefined {
		const bare = path.replace(endings, "");
		for (const one of [bare, path, `${bare}/index`, `${bare}/__init__`]) {
			const file = this.#byBare.get(one);
			if (file !== undefined) return file;
		}
		return undefined;
	}

	#python(source: string, from: string): string | undefined {
		const [, dots = "", rest = ""] = /^(\.*)(.*)$/.exec(source) ?? [];
		const path = rest.replaceAll(".", "/");
		if (dots === "") return this.#byEnd(path, from);
		const up = "../".repeat(dots.length - 1);
		return this.#at(posix.join(posix.dirname(from), up, path));
	}

	/** `@/lib/x`, `~/lib/x`, `@scope/name`, `@scope/name/part`: by the last parts of the path. */
	#aliased(source: string, from: string): string | undefined {
		const parts = source.replace(endings, "").split("/");
		const bare = parts[0]?.startsWith("@") || /^[~#]/.test(parts[0] ?? "") ? parts.slice(1) : parts;
		if (bare.length === 0 || (parts.length === 1 && !/^[@~#]/.test(source))) return undefined;
		const [name = "", ...inner] = bare;
		return (
			this.#byEnd(bare.join("/"), from) ??
			this.#byEnd([name, "src", ...(inner.length === 0 ? ["index"] : inner)].join("/"), from) ??
			this.#byEnd([...bare, "index"].join("/"), from)
		);
	}

	/** Of several, the one with the longest common way to the importing file. */
	#byEnd(path: string, from: string): string | undefined {
		if (path === "") return undefined;
		const own = from.split("/");
		const shared = (one: string) => {
			const end = one.split("/").findIndex((part, index) => part !== own[index]);
			return end < 0 ? own.length : end;
		};
		const fitting = (this.#byTail.get(posix.basename(path)) ?? []).filter(
			(one) => one === path || one.endsWith(`/${path}`),
		);
		const [best] = [...fitting].sort((one, other) => shared(other) - shared(one));
		return best === undefined ? undefined : this.#byBare.get(best);
	}
}
