import { InvalidArgument } from "../../text/index.ts";
import type { TextEdit } from "../apply/edits.ts";
import { type FileDiff, readDiff } from "./diffs.ts";
import type { Hunk } from "./read-hunk.ts";

/** What an agent wants changed in one file. */
export type Edit =
	| {
			readonly path: string;
			readonly old_text: string;
			readonly new_text: string;
			readonly line?: number | undefined;
	  }
	| { readonly path: string; readonly content: string }
	| { readonly path: string; readonly delete: true };

export interface PatchRequest {
	readonly title: string;
	readonly rationale: string;
	/** Exactly one of `edits` and `diff`. */
	readonly edits?: readonly Edit[] | undefined;
	readonly diff?: string | undefined;
	readonly errorCode?: string | undefined;
	/** Whether the user's own check is to run, where one is set. */
	readonly check?: boolean | undefined;
}

/** All that is wanted of one file. */
export type Wish = { readonly path: string; readonly what: string } & (
	| { readonly kind: "edit"; readonly edits: readonly TextEdit[] }
	| { readonly kind: "patch"; readonly hunks: readonly Hunk[] }
	| { readonly kind: "write"; readonly content: string }
	| { readonly kind: "create"; readonly content: string; readonly executable: boolean }
	/** With the hunks that a diff gives for it, which must say what the file says. */
	| { readonly kind: "delete"; readonly hunks: readonly Hunk[] }
	| { readonly kind: "copy"; readonly from: string; readonly hunks: readonly Hunk[] }
);

/**
 * What is wanted, a file at a time.
 *
 * @throws {InvalidArgument} {PatchRefused}
 */
export function readWishes({ edits, diff }: PatchRequest): readonly Wish[] {
	if ((edits === undefined) === (diff === undefined)) {
		throw new InvalidArgument(
			"edits",
			"exactly one of edits and diff is taken.",
			"Give one of them, and leave the other out.",
		);
	}
	return diff === undefined ? wishesOfEdits(edits ?? []) : joinHunks(readDiff(diff).flatMap(wishesOfDiff));
}

function wishesOfEdits(edits: readonly Edit[]): readonly Wish[] {
	const lists = new Map<string, TextEdit[]>();
	const wishes: Wish[] = [];
	for (const [index, edit] of edits.entries()) {
		const what = `edits[${index}]`;
		const { path } = edit;
		const known = lists.get(path);
		if ("old_text" in edit) {
			const { old_text: oldText, new_text: newText, line: hint } = edit;
			if (known === undefined) {
				const list = [{ what, oldText, newText, hint }];
				lists.set(path, list);
				wishes.push({ path, what, kind: "edit", edits: list });
			} else known.push({ what, oldText, newText, hint });
		} else if ("content" in edit) wishes.push({ path, what, kind: "write", content: edit.content });
		else wishes.push({ path, what, kind: "delete", hunks: [] });
	}
	return wishes;
}

function wishesOfDiff(file: FileDiff): readonly Wish[] {
	const { path, hunks } = file;
	const what = `the diff's part`;
	switch (file.kind) {
		case "change":
			return [{ path, what, kind: "patch", hunks }];
		case "delete":
			return [{ path, what, kind: "delete", hunks }];
		case "copy":
			return [{ path, what, kind: "copy", from: file.from, hunks }];
		case "rename":
			return [
				{ path, what, kind: "copy", from: file.from, hunks },
				{ path: file.from, what, kind: "delete", hunks: [] },
			];
		case "create":
			return [{ path, what, kind: "create", content: contentOf(hunks), executable: file.executable }];
	}
}

/** A new file's text. Lines that it should have had before belong to no new file, and find no place. */
export function contentOf(hunks: readonly Hunk[]): string {
	const lines = hunks.flatMap(({ ops }) => ops.filter(({ op }) => op !== "drop"));
	const bare = hunks.at(-1)?.newEndsBare === true;
	return lines.map(({ text }) => text).join("\n") + (bare || lines.length === 0 ? "" : "\n");
}

/** A diff that names a file twice means both parts. */
function joinHunks(wishes: readonly Wish[]): readonly Wish[] {
	const joined = new Map<string, Wish>();
	const others: Wish[] = [];
	for (const wish of wishes) {
		const known = joined.get(wish.path);
		if (known?.kind === "patch" && wish.kind === "patch") {
			joined.set(wish.path, { ...known, hunks: [...known.hunks, ...wish.hunks] });
		} else if (known === undefined) joined.set(wish.path, wish);
		else others.push(wish);
	}
	return [...joined.values(), ...others];
}
