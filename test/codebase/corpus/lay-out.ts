import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Role } from "../../../src/codebase/syntax/roles.ts";
import type { RepositoryRoot } from "../../../src/system/repository.ts";
import { goFiles } from "./go.ts";
import { heldOutFiles } from "./held-out.ts";
import { noiseFiles } from "./noise.ts";
import { pythonFiles } from "./python.ts";
import { typescriptFiles } from "./typescript.ts";
import { webFiles } from "./web.ts";

/** What a reader of the code says of one name on one line. */
export interface Label {
	readonly name: string;
	readonly role: Role;
	/** undefined where the label does not say. */
	readonly enclosing: string | undefined;
	readonly path: string;
	readonly line: number;
}

const mark = /\s?((?:«[^»]*»)+)$/;

function readMarks(path: string, text: string): { text: string; labels: Label[] } {
	const labels: Label[] = [];
	const lines = text.split("\n").map((marked, index) => {
		const found = mark.exec(marked)?.[1];
		if (found === undefined) return marked;
		for (const [, name = "", role = "", enclosing] of found.matchAll(/«(\w+) (\w+)(?: @ ([^»]+))?»/g)) {
			labels.push({ name, role: role as Role, enclosing, path, line: index + 1 });
		}
		return marked.replace(mark, "");
	});
	return { text: lines.join("\n"), labels };
}

const marked = { ...typescriptFiles, ...webFiles, ...pythonFiles, ...goFiles, ...heldOutFiles };
const read = Object.entries(marked).map(([path, text]) => ({ path, ...readMarks(path, text) }));

export const labels: readonly Label[] = read.flatMap((file) => file.labels);

/** The corpus as files, without its marks. */
export const corpusFiles: Readonly<Record<string, string>> = {
	...noiseFiles,
	...Object.fromEntries(read.map(({ path, text }) => [path, text])),
};

/** Codes and symbols that the labels speak of. */
export const names = [...new Set(labels.map(({ name }) => name))];
export const isCode = (name: string): boolean => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(name);

/** A folder of its own under the system's temporary folder; whoever asks removes it. */
export async function temporaryFolder(): Promise<{ root: RepositoryRoot; remove: () => Promise<void> }> {
	const root = (await realpath(await mkdtemp(join(tmpdir(), "search-test-")))) as RepositoryRoot;
	return { root, remove: () => rm(root, { recursive: true, force: true }) };
}

export async function layOut(root: string, files: Readonly<Record<string, string>>): Promise<void> {
	for (const [path, text] of Object.entries(files)) {
		await mkdir(dirname(join(root, path)), { recursive: true });
		await writeFile(join(root, path), text);
	}
}
