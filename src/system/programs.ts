// Finds a program on PATH, outside the repository.

import { constants } from "node:fs";
import { access, realpath, stat } from "node:fs/promises";
import { delimiter, isAbsolute, join, resolve } from "node:path";
import { type Explanation, Failure } from "../text/index.ts";
import { isInside } from "./repository.ts";

declare const programPath: unique symbol;
/** The absolute path of a program outside the repository, or of one that is part of this package. */
export type ProgramPath = string & { readonly [programPath]: true };

/** A program that this server needs is not installed. */
export class ProgramMissing extends Failure {
	readonly kind = "program_missing";

	constructor(readonly program: string) {
		super();
	}

	explain(): Explanation {
		if (this.program === "ripgrep") {
			return {
				problem: `ripgrep is missing: its package for this platform (${process.platform}-${process.arch}) is not installed.`,
				next: "Install prod-debugger-mcp again on this machine, without --omit=optional.",
				by: "user",
			};
		}
		return {
			problem: `${this.program} was not found on PATH outside the repository.`,
			next: `Install ${this.program}, and put its folder on PATH.`,
			by: "user",
		};
	}
}

/**
 * Skips relative entries of PATH and everything inside the repository: a checkout's own `git` must not be executed.
 *
 * @param repository the repository's root, resolved
 * @throws {ProgramMissing}
 */
export async function findProgram(name: string, repository: string): Promise<ProgramPath> {
	const names = fileNames(name);
	for (const folder of (process.env.PATH ?? "").split(delimiter)) {
		if (!isAbsolute(folder)) continue;
		for (const file of names) {
			const found = await executable(join(folder, file));
			if (found !== undefined && !isInside(repository, found)) return found as ProgramPath;
		}
	}
	throw new ProgramMissing(name);
}

/** Windows starts what ends in `.exe` by itself; a `.cmd` or `.bat` needs a shell, and is not started. */
export function fileNames(name: string, platform: NodeJS.Platform = process.platform): readonly string[] {
	if (platform !== "win32") return [name];
	return /\.exe$/i.test(name) ? [name] : [`${name}.exe`];
}

/** A program that the user named, by its path or by a name on PATH; undefined where there is none. */
export async function resolveProgram(given: string): Promise<ProgramPath | undefined> {
	const folders = /[/\\]/.test(given) ? [process.cwd()] : (process.env.PATH ?? "").split(delimiter);
	for (const folder of folders) {
		if (!isAbsolute(folder)) continue;
		for (const file of fileNames(given)) {
			const found = await executable(resolve(folder, file));
			if (found !== undefined) return found as ProgramPath;
		}
	}
	return undefined;
}

/** ripgrep as its package ships it for this platform. @throws {ProgramMissing} */
export async function findRipgrep(): Promise<ProgramPath> {
	try {
		const { rgPath } = await import("@vscode/ripgrep");
		return rgPath as ProgramPath;
	} catch {
		throw new ProgramMissing("ripgrep");
	}
}

async function executable(path: string): Promise<string | undefined> {
	try {
		await access(path, constants.X_OK);
		const real = await realpath(path);
		return (await stat(real)).isFile() ? real : undefined;
	} catch {
		return undefined;
	}
}
