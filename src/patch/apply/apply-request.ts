// Applies what is requested for one file: edit, rewrite, create, copy or delete.

import { EditRefused, PatchRefused } from "../failures/index.ts";
import { contentOf, type FileRequest } from "../read/request.ts";
import { applyEdits } from "./edits.ts";
import { applyHunks } from "./hunks.ts";
import { applyChanges, opsBetween, workLines } from "./line-ops.ts";
import type { Target } from "./targets.ts";
import { asInFile, encodeText, readText, splitLines, textsOf, withoutMark, writeText } from "./text-file.ts";

/** The result for one file. */
export interface AppliedRequest {
	/** undefined: it is deleted. */
	readonly after: Buffer | undefined;
	readonly executable: boolean;
	readonly notes: readonly string[];
}

/**
 * @param source the file that a copy is made of
 * @throws {EditRefused} {PatchRefused}
 */
export function applyRequest(
	request: FileRequest,
	target: Target,
	source: Target | undefined,
): AppliedRequest {
	const { path, content, executable } = target;
	const { what } = request;
	switch (request.kind) {
		case "edit": {
			if (content === undefined) throw new EditRefused(path, what, { kind: "no_such_file" });
			const { file, notes } = applyEdits(path, readText(path, content), request.edits);
			return { after: writeText(path, file), executable, notes };
		}
		case "patch": {
			// A diff of a new file that forgot to say /dev/null.
			const isNew =
				request.hunks.length === 1 && request.hunks[0]?.ops.every(({ op }) => op === "add") === true;
			if (content === undefined && isNew) {
				return { after: encodeText(path, contentOf(request.hunks)), executable: false, notes: [] };
			}
			if (content === undefined) throw new EditRefused(path, what, { kind: "no_such_file" });
			const { file, notes } = applyHunks(path, readText(path, content), request.hunks);
			return { after: writeText(path, file), executable, notes };
		}
		case "write":
			return { after: rewrite(path, content, request.content), executable, notes: [] };
		case "bytes":
			readText(path, request.content);
			return {
				after: request.content,
				executable: content === undefined ? request.executable : executable,
				notes: [],
			};
		case "create":
			if (content !== undefined) throw new EditRefused(path, what, { kind: "file_exists" });
			return { after: encodeText(path, request.content), executable: request.executable, notes: [] };
		case "copy": {
			if (content !== undefined) throw new EditRefused(path, what, { kind: "file_exists" });
			if (source?.content === undefined) {
				throw new EditRefused(source?.path ?? request.from, what, { kind: "no_such_file" });
			}
			const { file, notes } = applyHunks(source.path, readText(path, source.content), request.hunks);
			return { after: writeText(path, file), executable: source.executable, notes };
		}
		case "delete": {
			if (content === undefined) throw new EditRefused(path, what, { kind: "no_such_file" });
			const file = readText(path, content);
			if (request.hunks.length > 0) {
				const left = applyHunks(path, file, request.hunks).file.lines.length;
				if (left > 0)
					throw new PatchRefused("no_diff", path, "it deletes the file, but not all of its lines");
			}
			return { after: undefined, executable, notes: [] };
		}
	}
}

/** Keeps the file's line endings, line by line, and its byte-order mark. */
function rewrite(path: string, content: Buffer | undefined, text: string): Buffer {
	if (content === undefined) return encodeText(path, text);
	const file = readText(path, content);
	const wanted = splitLines(asInFile(withoutMark(text), file));
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
