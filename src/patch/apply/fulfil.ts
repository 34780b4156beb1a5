import { EditRefused, PatchRefused } from "../failures/index.ts";
import { contentOf, type Wish } from "../read/request.ts";
import { applyEdits } from "./edits.ts";
import { applyHunks } from "./hunks.ts";
import { applyChanges, opsBetween, workLines } from "./line-ops.ts";
import type { Target } from "./targets.ts";
import { encodeText, readText, splitLines, textsOf, withoutMark, writeText } from "./text-file.ts";

/** What becomes of one file. */
export interface Fulfilled {
	/** undefined: it is deleted. */
	readonly after: Buffer | undefined;
	readonly executable: boolean;
	readonly notes: readonly string[];
}

/**
 * Makes of a file what is wanted of it, in memory.
 *
 * @param source the file that a copy is made of
 * @throws {EditRefused} {PatchRefused}
 */
export function fulfil(wish: Wish, target: Target, source: Target | undefined): Fulfilled {
	const { path, content, executable } = target;
	const { what } = wish;
	switch (wish.kind) {
		case "edit": {
			if (content === undefined) throw new EditRefused(path, what, { kind: "no_such_file" });
			const { file, notes } = applyEdits(path, readText(path, content), wish.edits);
			return { after: writeText(path, file), executable, notes };
		}
		case "patch": {
			// A diff of a new file that forgot to say /dev/null.
			const isNew = wish.hunks.length === 1 && wish.hunks[0]?.ops.every(({ op }) => op === "add") === true;
			if (content === undefined && isNew) {
				return { after: encodeText(path, contentOf(wish.hunks)), executable: false, notes: [] };
			}
			if (content === undefined) throw new EditRefused(path, what, { kind: "no_such_file" });
			const { file, notes } = applyHunks(path, readText(path, content), wish.hunks);
			return { after: writeText(path, file), executable, notes };
		}
		case "write":
			return { after: rewrite(path, content, wish.content), executable, notes: [] };
		case "create":
			if (content !== undefined) throw new EditRefused(path, what, { kind: "file_exists" });
			return { after: encodeText(path, wish.content), executable: wish.executable, notes: [] };
		case "copy": {
			if (content !== undefined) throw new EditRefused(path, what, { kind: "file_exists" });
			if (source?.content === undefined) {
				throw new EditRefused(source?.path ?? wish.from, what, { kind: "no_such_file" });
			}
			const { file, notes } = applyHunks(source.path, readText(path, source.content), wish.hunks);
			return { after: writeText(path, file), executable: source.executable, notes };
		}
		case "delete": {
			if (content === undefined) throw new EditRefused(path, what, { kind: "no_such_file" });
			const file = readText(path, content);
			if (wish.hunks.length > 0) {
				const left = applyHunks(path, file, wish.hunks).file.lines.length;
				if (left > 0)
					throw new PatchRefused("no_diff", path, "it deletes the file, but not all of its lines");
			}
			return { after: undefined, executable, notes: [] };
		}
	}
}

/** A whole new content keeps the endings that the file has, line by line, and its byte-order mark. */
function rewrite(path: string, content: Buffer | undefined, text: string): Buffer {
	if (content === undefined) return encodeText(path, text);
	const file = readText(path, content);
	const wanted = splitLines(withoutMark(text));
	if (file.lines.length === 0) return writeText(path, { ...file, lines: wanted });
	const ops = opsBetween(textsOf(file.lines), textsOf(wanted));
	const lines = applyChanges(workLines(file.lines), [{ at: 0, ops, by: "content" }]);
	const bare = wanted.at(-1)?.ending === "";
	const common = file.lines[0]?.ending || "\n";
	return writeText(path, {
		...file,
		lines: lines.map((line, index) => {
			const isLast = index === lines.length - 1;
			if (isLast && bare) return { ...line, ending: "" };
			return line.ending === "" ? { ...line, ending: common } : line;
		}),
	});
}
