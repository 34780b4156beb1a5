// Reads diffs as models write them.

import { PatchRefused } from "../failures/index.ts";
import { isBeginPatch, readBeginPatch } from "./begin-patch.ts";
import { readGitHeader, readHeaderPath, stripPrefixes, unquoteOrRefuse } from "./diff-paths.ts";
import type { FileDiff } from "./file-diff.ts";
import { type Hunk, hunkEnd, isFence, isFileHeader, isSignature, readHunk } from "./read-hunk.ts";

interface Section {
	gitPath: string | undefined;
	oldPath: string | undefined;
	newPath: string | undefined;
	hasPaths: boolean;
	mark: "new" | "deleted" | undefined;
	executable: boolean;
	from: string | undefined;
	to: string | undefined;
	copies: boolean;
	readonly hunks: Hunk[];
}

const emptySection = (): Section => ({
	gitPath: undefined,
	oldPath: undefined,
	newPath: undefined,
	hasPaths: false,
	mark: undefined,
	executable: false,
	from: undefined,
	to: undefined,
	copies: false,
	hunks: [],
});

/** Header lines that are ignored. */
const idle = /^(index |similarity index |dissimilarity index |Index: |={20,}$|Only in )/;

/**
 * A unified diff, or a patch that begins with `*** Begin Patch`.
 *
 * Accepts fences and prose around the diff, wrong counts and start lines, and missing `a/` and `b/`. Text before the
 * first file and after a fence is ignored; any other line outside a hunk is refused, since it may be a hunk's line that
 * lost its first character.
 *
 * @throws {PatchRefused} if the text has no diff, or asks for what a patch must not do
 */
export function readDiff(text: string): readonly FileDiff[] {
	if (isBeginPatch(text)) return readBeginPatch(text);
	const lines = text.replaceAll("\r\n", "\n").split("\n");
	const sections: Section[] = [];
	let section: Section | undefined;
	const open = () => {
		section = emptySection();
		sections.push(section);
		return section;
	};
	for (let index = 0; index < lines.length; index += 1) {
		const line = lines[index] ?? "";
		if (isFence(line)) section = undefined;
		else if (line.startsWith("diff --git ")) open().gitPath = readGitHeader(line.slice(11));
		else if (isFileHeader(lines, index)) {
			const into = section === undefined || section.hasPaths ? open() : section;
			readPaths(into, line, lines[index + 1] ?? "");
			index += 1;
		} else if (/^@@@/.test(line)) throw notADiff("it is a diff of a merge (@@@)");
		else if (line.startsWith("@@") && section !== undefined) {
			const end = hunkEnd(lines, index);
			section.hunks.push(readHunk(line, lines.slice(index + 1, end)));
			index = end - 1;
		} else if (line.startsWith("@@") && sections.length === 0) {
			throw notADiff("a hunk precedes the first --- and +++ lines");
		} else if (section !== undefined) {
			if (isSignature(lines, index)) section = undefined;
			else if (line.trim() !== "" && !readExtended(section, line) && !isPreamble(sections, section)) {
				throw notADiff(
					`its line ${index + 1} is outside a hunk: each line of a hunk begins with a space, + or -`,
				);
			}
		}
	}
	if (sections.length === 0) throw notADiff("it has no file headers (---, +++) with hunks (@@)");
	return sections.map(finish);
}

function notADiff(detail: string, path?: string): PatchRefused {
	return new PatchRefused("no_diff", path, detail);
}

/** Between `diff --git` and the paths git may write other header lines. */
function isPreamble(sections: readonly Section[], section: Section): boolean {
	return section.hunks.length === 0 && !section.hasPaths && sections.includes(section);
}

function readPaths(section: Section, oldLine: string, newLine: string): void {
	const paths = stripPrefixes(readHeaderPath(oldLine.slice(4)), readHeaderPath(newLine.slice(4)));
	section.oldPath = paths.oldPath;
	section.newPath = paths.newPath;
	section.hasPaths = true;
}

/** @returns whether the line belongs to git's extended header */
function readExtended(section: Section, line: string): boolean {
	if (/^(old|new) mode /.test(line)) throw new PatchRefused("mode_change", section.gitPath);
	if (/^(GIT binary patch|Binary files )/.test(line)) throw new PatchRefused("binary", section.gitPath);
	const made = /^(new|deleted) file mode (\d{6})$/.exec(line);
	if (made !== null) {
		if (made[2] === "120000") throw new PatchRefused("link", section.gitPath);
		if (made[2] === "160000") throw new PatchRefused("submodule", section.gitPath);
		section.mark = made[1] === "new" ? "new" : "deleted";
		section.executable = made[1] === "new" && made[2] === "100755";
		return true;
	}
	const kind = /^index \S{1,100} (\d{6})$/.exec(line)?.[1];
	if (kind === "120000") throw new PatchRefused("link", section.gitPath);
	if (kind === "160000") throw new PatchRefused("submodule", section.gitPath);
	const moved = /^(rename|copy) (from|to) (.{1,4096})$/.exec(line);
	if (moved !== null) {
		section.copies = moved[1] === "copy";
		const name = unquoteOrRefuse(moved[3] ?? "");
		if (moved[2] === "from") section.from = name;
		else section.to = name;
		return true;
	}
	return idle.test(line);
}

function finish(section: Section): FileDiff {
	const { gitPath, hasPaths, mark, executable, from, to, copies, hunks } = section;
	const oldPath = hasPaths ? section.oldPath : mark === "new" ? undefined : gitPath;
	const newPath = hasPaths ? section.newPath : mark === "deleted" ? undefined : gitPath;
	if (from !== undefined && to !== undefined) {
		return { kind: copies ? "copy" : "rename", from, path: to, hunks };
	}
	if (newPath === undefined) {
		if (oldPath === undefined) throw notADiff("a file's name is missing");
		return { kind: "delete", path: oldPath, hunks };
	}
	if (oldPath === undefined) return { kind: "create", path: newPath, hunks, executable };
	if (oldPath !== newPath) {
		throw notADiff(`it renames ${oldPath}: write a rename as one deleted and one new file`, newPath);
	}
	if (mark === "new") return { kind: "create", path: newPath, hunks, executable };
	if (mark === "deleted") return { kind: "delete", path: newPath, hunks };
	if (hunks.length === 0) throw notADiff("it has no hunks (@@) for this file", newPath);
	return { kind: "change", path: newPath, hunks };
}
