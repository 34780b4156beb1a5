import { PatchRefused } from "./errors.ts";

/** What an agent's diff wants of one file. */
export interface FileDiff {
	/** undefined: a new file. */
	readonly oldPath: string | undefined;
	/** undefined: the file is deleted. */
	readonly newPath: string | undefined;
	readonly hunks: readonly DiffHunk[];
}

export interface DiffHunk {
	/** As the header says; not to be trusted. */
	readonly oldStart: number | undefined;
	readonly oldLines: readonly string[];
	readonly newLines: readonly string[];
	/** The new side says `\ No newline at end of file`. */
	readonly newEndsBare: boolean;
}

/**
 * Reads the diffs that models write: with fences around them, wrong counts and start lines, without `a/` and `b/`.
 * Counts in headers are not believed: a hunk reaches to the next header.
 *
 * @throws {PatchRefused} where there is no diff in the text, or it wants what a patch must not
 */
export function readDiff(text: string): readonly FileDiff[] {
	const lines = text.replaceAll("\r\n", "\n").split("\n");
	const files: { oldPath: string | undefined; newPath: string | undefined; hunks: DiffHunk[] }[] = [];
	for (let index = 0; index < lines.length; index += 1) {
		const line = lines[index] ?? "";
		if (/^(old|new) mode \d+$/.test(line)) throw new PatchRefused("mode_change", undefined);
		if (/^(GIT binary patch|Binary files )/.test(line)) throw new PatchRefused("binary", undefined);
		const next = lines[index + 1] ?? "";
		if (line.startsWith("--- ") && next.startsWith("+++ ")) {
			files.push({ oldPath: pathOf(line.slice(4)), newPath: pathOf(next.slice(4)), hunks: [] });
			index += 1;
		} else if (line.startsWith("@@")) {
			const file = files.at(-1);
			if (file === undefined)
				throw new PatchRefused("no_diff", undefined, "a hunk stands before any --- and +++ lines");
			const end = hunkEnd(lines, index + 1);
			file.hunks.push(readHunk(line, lines.slice(index + 1, end)));
			index = end - 1;
		}
	}
	const changed = files.filter(({ hunks, newPath }) => hunks.length > 0 || newPath === undefined);
	if (changed.length === 0)
		throw new PatchRefused("no_diff", undefined, "it has no file headers (---, +++) with hunks (@@)");
	return changed.map((file) => ({
		...file,
		oldPath: stripPrefix(file.oldPath, "a/", file.newPath, "b/"),
		newPath: stripPrefix(file.newPath, "b/", file.oldPath, "a/"),
	}));
}

function hunkEnd(lines: readonly string[], from: number): number {
	let end = from;
	while (end < lines.length) {
		const line = lines[end] ?? "";
		if (/^(@@|diff --git |```|~~~)/.test(line)) break;
		if (line.startsWith("--- ") && (lines[end + 1] ?? "").startsWith("+++ ")) break;
		// A blank line is a context line whose space was lost, unless the diff ends there.
		if (line !== "" && !/^[ +\-\\]/.test(line)) break;
		end += 1;
	}
	while (end > from && lines[end - 1] === "") end -= 1;
	return end;
}

function readHunk(header: string, body: readonly string[]): DiffHunk {
	const start = /^@@ -(\d{1,7})/.exec(header)?.[1];
	const oldLines: string[] = [];
	const newLines: string[] = [];
	let newEndsBare = false;
	for (const [index, line] of body.entries()) {
		const text = line.slice(1);
		if (line.startsWith("\\")) newEndsBare ||= !(body[index - 1] ?? "").startsWith("-");
		else if (line.startsWith("-")) oldLines.push(text);
		else if (line.startsWith("+")) newLines.push(text);
		else {
			oldLines.push(text);
			newLines.push(text);
		}
	}
	return { oldStart: start === undefined ? undefined : Number(start), oldLines, newLines, newEndsBare };
}

/** A timestamp may follow after a tab; git quotes names with special characters. */
function pathOf(field: string): string | undefined {
	const name = (field.split("\t")[0] ?? "").trim();
	if (name === "/dev/null") return undefined;
	if (!name.startsWith('"')) return name;
	try {
		return String(JSON.parse(name));
	} catch {
		throw new PatchRefused("no_diff", undefined, "a file's name is quoted in a way that cannot be read");
	}
}

/** `a/` and `b/` are git's, when both sides have them; a folder may be named `a` as well. */
function stripPrefix(
	path: string | undefined,
	prefix: string,
	other: string | undefined,
	otherPrefix: string,
): string | undefined {
	if (path === undefined || !path.startsWith(prefix)) return path;
	return other === undefined || other.startsWith(otherPrefix) ? path.slice(prefix.length) : path;
}
