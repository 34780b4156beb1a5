// Reads `git log --patch` as it arrives, and keeps a bounded part of each commit.

import { unquoteGitName } from "../../system/index.ts";
import type { FileChange, Hunk, Patch } from "./types.ts";

/** What begins a commit in the stream: no line of a diff begins with it. */
export const recordMark = "\x1e";
const field = "\x1f";

/** Characters of a line that are kept. */
export const keptLength = 300;
/** Upper bounds of what is kept: changed lines of a file and of a commit, files of a commit. */
const maxFileLines = 1500;
const maxCommitLines = 5000;
const maxFiles = 400;

export interface LoggedPatch {
	readonly id: string;
	readonly at: number;
	readonly parents: readonly string[];
	readonly subject: string;
	readonly reverts: readonly string[];
	readonly tags: readonly string[];
	readonly patch: Patch;
	/** Characters kept. */
	readonly size: number;
}

/** The form of a commit's head for `git log --format`: its text is indented, so that no line of it looks like a diff. */
export const patchFormat = `${recordMark}%H${field}%ct${field}%P${field}%D${field}%s%n%w(0,2,2)%b%w(0,0,0)`;

interface OpenHunk {
	oldStart: number;
	newStart: number;
	oldCount: number;
	newCount: number;
	heading: string;
	removed: string[];
	added: string[];
}

interface OpenFile {
	path: string;
	oldPath: string | undefined;
	kind: FileChange["kind"];
	isBinary: boolean;
	blobs: [string, string] | undefined;
	hunks: OpenHunk[];
	added: number;
	removed: number;
	lines: number;
}

interface OpenCommit {
	id: string;
	at: number;
	parents: string[];
	subject: string;
	tags: string[];
	reverts: string[];
	files: OpenFile[];
	lines: number;
	size: number;
	isCut: boolean;
}

/** Hands over each commit when the next begins. */
export class PatchStream {
	readonly #decoder = new TextDecoder();
	readonly #onCommit: (commit: LoggedPatch) => void;
	#rest = "";
	#isSkipping = false;
	#commit: OpenCommit | undefined;
	#file: OpenFile | undefined;
	#hunk: OpenHunk | undefined;
	#left = { old: 0, new: 0 };

	constructor(onCommit: (commit: LoggedPatch) => void) {
		this.#onCommit = onCommit;
	}

	read(chunk: Buffer): void {
		let from = 0;
		const text = this.#rest + this.#decoder.decode(chunk, { stream: true });
		for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", from)) {
			if (this.#isSkipping) this.#isSkipping = false;
			else this.#line(text.slice(from, at));
			from = at + 1;
		}
		this.#rest = text.slice(from);
		// A line without end, such as a minified file: its beginning is enough.
		if (this.#rest.length > 64 * 1024) {
			if (!this.#isSkipping) this.#line(this.#rest);
			this.#isSkipping = true;
			this.#rest = "";
		}
	}

	/** @param isWhole git came to its end: the last commit is complete */
	end(isWhole: boolean): void {
		if (this.#rest !== "" && !this.#isSkipping) this.#line(this.#rest);
		if (this.#commit !== undefined && !isWhole) this.#commit.isCut = true;
		this.#close();
	}

	#line(line: string): void {
		if (this.#left.old > 0 || this.#left.new > 0) {
			if (this.#changed(line)) return;
		}
		if (line.startsWith(recordMark)) this.#begin(line);
		else if (this.#commit === undefined) return;
		else if (line.startsWith("diff --git ")) this.#beginFile(line);
		else if (line.startsWith("@@ ")) this.#beginHunk(line);
		else if (this.#file === undefined) this.#message(line);
		else this.#fileLine(line, this.#file);
	}

	#begin(line: string): void {
		this.#close();
		const [id = "", at = "", parents = "", refs = "", ...subject] = line.slice(1).split(field);
		this.#commit = {
			id,
			at: Number(at),
			parents: parents.split(" ").filter((parent) => parent !== ""),
			subject: subject.join(" ").slice(0, 500),
			tags: refs
				.split(", ")
				.filter((ref) => ref.startsWith("tag: "))
				.map((ref) => ref.slice(5))
				.sort(),
			reverts: [],
			files: [],
			lines: 0,
			size: 0,
			isCut: false,
		};
	}

	/** Lines of the message are indented; of a log with names only, other lines are paths. */
	#message(line: string): void {
		const commit = this.#commit;
		if (commit === undefined) return;
		if (line !== "" && !line.startsWith("  ") && commit.files.length < maxFiles) {
			const path = unquoteGitName(line);
			if (path !== undefined) commit.files.push(openFile(path));
			commit.size += 200;
		}
		const reverted = /This reverts commit ([0-9a-f]{7,64})/.exec(line.slice(0, 500))?.[1];
		if (reverted !== undefined) commit.reverts.push(reverted);
	}

	#beginFile(line: string): void {
		this.#file = undefined;
		this.#hunk = undefined;
		const commit = this.#commit;
		if (commit === undefined) return;
		if (commit.files.length >= maxFiles) commit.isCut = true;
		const half = /^diff --git ("?)a\/(.*)\1 ("?)b\/\2\3$/.exec(line);
		const file = openFile(half === null ? "" : (unquoteGitName(`${half[1]}${half[2]}${half[1]}`) ?? ""));
		this.#file = file;
		if (commit.files.length < maxFiles) commit.files.push(file);
		commit.size += 200;
	}

	#fileLine(line: string, file: OpenFile): void {
		if (line.startsWith("new file mode")) file.kind = "added";
		else if (line.startsWith("deleted file mode")) file.kind = "deleted";
		else if (line.startsWith("Binary files ")) file.isBinary = true;
		else if (line.startsWith("rename from ")) file.oldPath = unquoteGitName(line.slice(12));
		else if (line.startsWith("rename to ")) file.path = unquoteGitName(line.slice(10)) ?? file.path;
		else if (line.startsWith("--- ")) this.#name(file, line.slice(4), "a/", file.kind === "deleted");
		else if (line.startsWith("+++ ")) this.#name(file, line.slice(4), "b/", file.kind !== "deleted");
		else if (line.startsWith("index ")) {
			const [, before, after] = /^index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})/.exec(line) ?? [];
			if (before !== undefined && after !== undefined) file.blobs = [before, after];
		}
	}

	/** git ends a name with a blank in it by a tab. */
	#name(file: OpenFile, written: string, prefix: string, counts: boolean): void {
		if (!counts) return;
		const name = unquoteGitName(written.replace(/\t$/, ""));
		if (name?.startsWith(prefix) === true) file.path = name.slice(2);
	}

	#beginHunk(line: string): void {
		const [, oldStart, oldCount = "1", newStart, newCount = "1", heading = ""] =
			/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@ ?(.*)$/.exec(line) ?? [];
		const file = this.#file;
		if (oldStart === undefined || newStart === undefined || file === undefined) return;
		this.#left = { old: Number(oldCount), new: Number(newCount) };
		this.#hunk = {
			oldStart: Number(oldStart),
			newStart: Number(newStart),
			oldCount: this.#left.old,
			newCount: this.#left.new,
			heading: heading.slice(0, 160),
			removed: [],
			added: [],
		};
		file.added += this.#left.new;
		file.removed += this.#left.old;
		if (file.hunks.length < maxFileLines) file.hunks.push(this.#hunk);
		else if (this.#commit !== undefined) this.#commit.isCut = true;
	}

	/** @returns whether the line belongs to the open hunk */
	#changed(line: string): boolean {
		const isOld = line.startsWith("-") && this.#left.old > 0;
		const isNew = line.startsWith("+") && this.#left.new > 0;
		const [commit, file, hunk] = [this.#commit, this.#file, this.#hunk];
		// "\ No newline at end of file"
		if (line.startsWith("\\")) return true;
		if ((!isOld && !isNew) || commit === undefined || file === undefined || hunk === undefined) {
			this.#left = { old: 0, new: 0 };
			return false;
		}
		if (isOld) this.#left.old -= 1;
		else this.#left.new -= 1;
		if (file.lines >= maxFileLines || commit.lines >= maxCommitLines) {
			commit.isCut = true;
			return true;
		}
		file.lines += 1;
		commit.lines += 1;
		const text = line.slice(1, keptLength + 1);
		commit.size += text.length + 40;
		(isOld ? hunk.removed : hunk.added).push(text);
		return true;
	}

	#close(): void {
		const commit = this.#commit;
		this.#commit = undefined;
		this.#file = undefined;
		this.#hunk = undefined;
		this.#left = { old: 0, new: 0 };
		if (commit === undefined) return;
		const { id, at, parents, subject, reverts, tags, size, isCut } = commit;
		const files = commit.files.filter(({ path }) => path !== "").map(closed);
		this.#onCommit({ id, at, parents, subject, reverts, tags, size, patch: { id, files, isCut } });
	}
}

function openFile(path: string): OpenFile {
	return {
		path,
		oldPath: undefined,
		kind: "changed",
		isBinary: false,
		blobs: undefined,
		hunks: [],
		added: 0,
		removed: 0,
		lines: 0,
	};
}

function closed(file: OpenFile): FileChange {
	const { path, oldPath, kind, isBinary, blobs, added, removed } = file;
	const hunks: readonly Hunk[] = file.hunks;
	return {
		path,
		...(oldPath === undefined ? {} : { oldPath }),
		kind,
		isBinary,
		...(blobs === undefined ? {} : { blobs }),
		hunks,
		added,
		removed,
	};
}
