// Refuses a patch that adds what looks like a key or token.

import { findSecret } from "../../text/index.ts";
import { PatchRefused } from "../failures/index.ts";
import type { DiffSection } from "../read/diff-sections.ts";
import type { Change } from "./checked-diff.ts";

/**
 * This catches accidents, not intent: a secret without a known shape passes. A line that one of the files already
 * had may move.
 *
 * @throws {PatchRefused}
 */
export function refuseAddedSecrets(sections: readonly DiffSection[], changes: readonly Change[]): void {
	let before: string | undefined;
	for (const { path, addedLines } of sections) {
		for (const { line, text } of addedLines) {
			const secret = findSecret(text);
			if (secret === undefined) continue;
			before ??= changes.map((change) => change.before?.toString("utf8") ?? "").join("\n");
			if (!before.includes(text.trim()))
				throw new PatchRefused("secret", path, `line ${line}: ${secret.kind}`);
		}
	}
}
