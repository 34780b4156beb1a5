import { languageOf, type SyntaxProblem, syntaxProblems } from "../../codebase/index.ts";
import type { Change } from "../apply/checked-diff.ts";

/** A file that was not looked at: its language is not understood, or it is too large to be parsed in time. */
export interface Unchecked {
	readonly path: string;
	readonly why: "language" | "size";
}

/** What became of the syntax of the files that a patch leaves behind. */
export interface SyntaxCheck {
	/** Files whose language is understood. */
	readonly checked: readonly string[];
	readonly unchecked: readonly Unchecked[];
	/** Places that break the syntax, and did not before. */
	readonly broken: readonly (SyntaxProblem & { readonly path: string })[];
}

/**
 * Looks for new syntax errors: more of them than the file had, since the grammars flag a few files that are valid.
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
	return languageOf(path) === undefined ? undefined : syntaxProblems(path, content.toString("utf8"));
}

/** Those that were not there before, by what stands at the place; all of them where that cannot be told. */
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
