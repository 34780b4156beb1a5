// A patch as an agent requests it, sorted into one request per file.

import { InvalidArgument } from "../../text/index.ts";
import type { TextEdit } from "../apply/edits.ts";
import { readDiff } from "./diffs.ts";
import type { FileDiff } from "./file-diff.ts";
import type { Hunk } from "./read-hunk.ts";

/** One edit as an agent gives it. */
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
	/** Exactly one of `edits`, `diff` and `revert`. */
	readonly edits?: readonly Edit[] | undefined;
	readonly diff?: string | undefined;
	/** A commit whose change is undone. */
	readonly revert?: string | undefined;
	readonly errorCode?: string | undefined;
	/** The files of the test that proves it. */
	readonly test?: readonly string[] | undefined;
	/** Whether to run the user's own check, if one is set. */
	readonly check?: boolean | undefined;
}

/** Everything requested for one file. */
export type FileRequest = { readonly path: string; readonly what: string } & (
	| { readonly kind: "edit"; readonly edits: readonly TextEdit[] }
	| { readonly kind: "patch"; readonly hunks: readonly Hunk[] }
	| { readonly kind: "write"; readonly content: string }
	/** Byte for byte, as a commit has it. */
	| { readonly kind: "bytes"; readonly content: Buffer; readonly executable: boolean }
	| { readonly kind: "create"; readonly content: string; readonly executable: boolean }
	/** With the hunks that a diff gives for it, which must match the file. */
	| { readonly kind: "delete"; readonly hunks: readonly Hunk[] }
	| { readonly kind: "copy"; readonly from: string; readonly hunks: readonly Hunk[] }
);

/**
 * What edits or a diff ask for; nothing where a commit is to be undone.
 *
 * @throws {InvalidArgument} {PatchRefused}
 */
export function readFileRequests({ edits, diff, revert }: PatchRequest): readonly FileRequest[] {
	if ([edits, diff, revert].filter((given) => given !== undefined).length !== 1) {
		throw new InvalidArgument(
			"edits",
			"exactly one of edits, diff and revert is required.",
			"Give one of them, and leave the others out.",
		);
	}
	if (revert !== undefined) return [];
	return diff === undefined
		? requestsOfEdits(edits ?? [])
		: joinHunks(readDiff(diff).flatMap(requestsOfDiff));
}

function requestsOfEdits(edits: readonly Edit[]): readonly FileRequest[] {
	const lists = new Map<string, TextEdit[]>();
	const requests: FileRequest[] = [];
	for (const [index, edit] of edits.entries()) {
		const what = `edits[${index}]`;
		const { path } = edit;
		const known = lists.get(path);
		if ("old_text" in edit) {
			const { old_text: oldText, new_text: newText, line: hint } = edit;
			if (known === undefined) {
				const list = [{ what, oldText, newText, hint }];
				lists.set(path, list);
				requests.push({ path, what, kind: "edit", edits: list });
			} else known.push({ what, oldText, newText, hint });
		} else if ("content" in edit) requests.push({ path, what, kind: "write", content: edit.content });
		else requests.push({ path, what, kind: "delete", hunks: [] });
	}
	return requests;
}

function requestsOfDiff(file: FileDiff): readonly FileRequest[] {
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

/** A new file's text. Removed lines are dropped: a new file has none. */
export function contentOf(hunks: readonly Hunk[]): string {
	const lines = hunks.flatMap(({ ops }) => ops.filter(({ op }) => op !== "drop"));
	const bare = hunks.at(-1)?.newEndsBare === true;
	return lines.map(({ text }) => text).join("\n") + (bare || lines.length === 0 ? "" : "\n");
}

/** Joins the hunks of a diff that names a file twice. */
function joinHunks(requests: readonly FileRequest[]): readonly FileRequest[] {
	const joined = new Map<string, FileRequest>();
	const others: FileRequest[] = [];
	for (const request of requests) {
		const known = joined.get(request.path);
		if (known?.kind === "patch" && request.kind === "patch") {
			joined.set(request.path, { ...known, hunks: [...known.hunks, ...request.hunks] });
		} else if (known === undefined) joined.set(request.path, request);
		else others.push(request);
	}
	return [...joined.values(), ...others];
}
