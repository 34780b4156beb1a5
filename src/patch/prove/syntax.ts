// Finds syntax errors that a patch adds.

import { languageOf, type SyntaxProblem, syntaxProblems } from "../../codebase/index.ts";
import type { Change } from "../apply/checked-diff.ts";
import { isJson, jsonProblems } from "./json.ts";

/** A file that was not checked: its language is not supported, or it is too large to parse in time. */
export interface Unchecked {
	readonly path: string;
	readonly why: "language" | "size";
}

/** The syntax check of the files that a patch writes. */
export interface SyntaxCheck {
	/** Files whose language is supported. */
	readonly checked: readonly string[];
	readonly unchecked: readonly Unchecked[];
	/** Syntax errors that the files did not have before. */
	readonly broken: readonly (SyntaxProblem & { readonly path: string })[];
}

/**
 * Reports a file only if it has more syntax errors than before, since the grammars flag a few valid files.
 */
export async function checkSyntax(changes: readonly Change[], signal: AbortSignal): Promise<SyntaxCheck> {
	const checked: string[] = [];
	const unchecked: Unchecked[] = [];
	const broken: (SyntaxProblem & { path: string })[] = [];
	for (const { path, before, after } of changes) {
		if (after === undefined) continue;
		signal.throwIfAborted();
		const now = await problemsOf(path, after);
		if (now === undefined) {
			unchecked.push({ path, why: languageOf(path) === undefined ? "language" : "size" });
			continue;
		}
		checked.push(path);
		if (now.length === 0) continue;
		const then = before === undefined ? [] : ((await problemsOf(path, before)) ?? []);
		if (now.length <= then.length) continue;
		broken.push(...withoutKnown(now, then).map((problem) => ({ ...problem, path })));
	}
	return { checked, unchecked, broken };
}

async function problemsOf(path: string, content: Buffer): Promise<readonly SyntaxProblem[] | undefined> {
	const text = content.toString("utf8");
	if (isJson(path)) return jsonProblems(text);
	return languageOf(path) === undefined ? undefined : syntaxProblems(path, text);
}

/** Errors that were not there before, by the text at the place; all of them if none can be excluded. */
function withoutKnown(
	now: readonly SyntaxProblem[],
	then: readonly SyntaxProblem[],
): readonly SyntaxProblem[] {
	const known = then.map(({ kind, text }) => `${kind} ${text}`);
	const fresh = now.filter(({ kind, text }) => {
		const at = known.indexOf(`${kind} ${text}`);
		if (at >= 0) known.splice(at, 1);
		return at < 0;
	});
	return fresh.length === 0 ? now : fresh;
}
