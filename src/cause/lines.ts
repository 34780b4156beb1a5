// What a change does, judged by its removed and added lines.

import type { FileChange, Hunk, Patch } from "../codebase/index.ts";
import { oncePer } from "../system/index.ts";

/** What kinds of change a hunk makes; several may hold. */
export interface Nature {
	/** A number or text changed where all else stayed. */
	readonly constant: boolean;
	/** A number beside a word such as timeout, limit or retry. */
	readonly limit: boolean;
	/** A condition changed. */
	readonly condition: boolean;
	/** Code was only taken away. */
	readonly removal: boolean;
	/** Other code that runs was put in or changed. */
	readonly logic: boolean;
	/** A switch, setting, schedule or version changed, and nothing else. */
	readonly setting: boolean;
}

export type FileRole = "code" | "test" | "docs" | "settings" | "dependencies" | "lock" | "other";

const settingsFile =
	/(?:^|\/)(?:\.env[\w.-]*|[\w.-]*(?:config|settings|flags|features)[\w.-]*\.(?:json|[cm]?[jt]s|ya?ml|toml|py))$|\.(?:ya?ml|toml|ini|env|properties|conf|tf)$|(?:^|\/)(?:Dockerfile|Procfile|crontab)$/i;
const dependencyFile =
	/(?:^|\/)(?:package\.json|requirements[\w.-]*\.txt|pyproject\.toml|go\.mod|Gemfile|Cargo\.toml|pom\.xml|build\.gradle)$/;
const lockFile =
	/(?:^|\/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|go\.sum|Cargo\.lock|bun\.lockb?)$/;
const testFile =
	/(?:^|\/)(?:tests?|__tests__|__mocks__|specs?|e2e|fixtures|testdata|cypress)\/|\.(?:test|spec|cy|stories)\.\w{1,4}$|(?:^|\/)test_[^/]*\.py$|_test\.(?:py|go)$|(?:^|\/)conftest\.py$/i;
const docsFile =
	/\.(?:md|mdx|rst|txt|adoc|png|jpe?g|gif|svg)$|(?:^|\/)(?:docs?|documentation|examples)\/|(?:^|\/)(?:LICENSE|CODEOWNERS|\.gitignore|\.editorconfig|\.prettierrc[\w.]*|\.eslintrc[\w.]*)$/i;
const codeFile = /\.(?:[cm]?[jt]sx?|pyi?|go|rb|java|kt|php|rs|cs|swift|scala|vue|svelte|sql|sh|ex|exs)$/i;

export function roleOfFile(path: string): FileRole {
	// What a model runs.
	if (/(?:^|\/)SKILL\.md$/.test(path)) return "code";
	if (lockFile.test(path)) return "lock";
	if (dependencyFile.test(path)) return "dependencies";
	if (testFile.test(path)) return "test";
	if (docsFile.test(path)) return "docs";
	if (settingsFile.test(path)) return "settings";
	return codeFile.test(path) ? "code" : "other";
}

const ownVersion = /^\s*(?:"version":\s*"[^"]{1,60}",?|version\s*=\s*["'][^"']{1,60}["'])\s*$/;

/** Whether nothing but the package's own version changed: of a dependency, more lines of a lock file change. */
export function isOwnVersion({ path, hunks }: FileChange): boolean {
	return (
		/^(?:dependencies|lock)$/.test(roleOfFile(path)) &&
		hunks.length > 0 &&
		hunks.every(({ removed, added }) => [...removed, ...added].every((line) => ownVersion.test(line)))
	);
}

const comment = /^\s*(?:\/\/|#(?!!|include|define)|\*|\/\*|<!--|--\s|"""|''')/;

/** Blank, or by its looks a comment. */
export function isRemark(line: string): boolean {
	return line.trim() === "" || comment.test(line);
}

/** The letters that formatters leave alone: whether two sides of a hunk are the same but for layout and comments. */
export const looksTrivial = oncePer(({ removed, added, oldCount, newCount }: Hunk): boolean => {
	if (removed.length < oldCount || added.length < newCount) return false;
	return bare(removed) === bare(added);
});

/** What a text holds is no layout: `split(';')` is not `split(',')`. */
function bare(lines: readonly string[]): string {
	const text = lines
		.filter((line) => !isRemark(line))
		.map((line) => line.replace(/\s(?:\/\/|#)\s.*$/, ""))
		.join("\n");
	const parts: string[] = [];
	let last = 0;
	for (const { 0: quoted, index } of text.matchAll(quotedText)) {
		parts.push(withoutLayout(text.slice(last, index)), `"${quoted.slice(1, -1)}"`);
		last = index + quoted.length;
	}
	return [...parts, withoutLayout(text.slice(last))].join("");
}

const quotedText = /"(?:[^"\\\n]|\\.){0,500}"|'(?:[^'\\\n]|\\.){0,500}'|`[^`]{0,2000}`/g;

function withoutLayout(text: string): string {
	return text.replace(/[\s;,()]+/g, "");
}

const limitWord =
	/time_?out|limit|retr(?:y|ies)|\bmax|\bmin|ttl|expir|concurren|pool|size|delay|interval|threshold|attempts|budget|window|quota|rate|depth|bytes|length/i;
const conditionWord =
	/\b(?:if|else|elif|unless|while|switch|case|when|and|or|not)\b|&&|\|\||===?|!==?|[<>]=?|!\w|\?(?!\.)/;
const literal =
	/"(?:[^"\\]|\\.){0,200}"|'(?:[^'\\]|\\.){0,200}'|`[^`]{0,200}`|\b\d[\d_.]*\b|\b(?:true|false|True|False)\b/g;
const operators = /[!=<>]=?=?|&&|\|\||\bnot\b|\band\b|\bor\b/g;
const setting =
	/^\s*(?:(?:export\s+)?(?:const|let|var)\s+)?["']?[\w.-]{1,80}["']?\s*(?::\s*\w{1,30}\s*)?[:=]\s*(?:"[^"]*"|'[^']*'|[\w./*+:@^~ -]{1,80})[;,]?\s*(?:(?:#|\/\/).*)?$/;

export const natureOf = oncePer((hunk: Hunk): Nature => {
	const removed = hunk.removed.filter((line) => !isRemark(line));
	const added = hunk.added.filter((line) => !isRemark(line));
	const both = [...removed, ...added];
	const without = (lines: readonly string[], pattern: RegExp) =>
		lines.map((line) => line.replace(pattern, "#").replace(/\s+/g, "")).join("\n");
	const isSame = (pattern: RegExp) =>
		removed.length > 0 &&
		removed.length === added.length &&
		without(removed, /$^/g) !== without(added, /$^/g) &&
		without(removed, pattern) === without(added, pattern);
	const constant = isSame(literal);
	const condition =
		isSame(operators) ||
		both.some((line) => conditionWord.test(line.replace(literal, "#")) && !/=>/.test(line)) ||
		both.some((line) => /^\s*(?:\}?\s*else\b|if\b|elif\b)/.test(line));
	return {
		constant,
		limit: both.some((line) => limitWord.test(line) && /\d/.test(line)),
		condition,
		removal: added.length === 0 && removed.length > 0,
		logic: both.length > 0 && !constant,
		setting:
			both.length > 0 && both.length <= 6 && both.every((line) => setting.test(line)) && removed.length > 0,
	};
});

const numbers = /(?<![\w.])\d[\d_]*(?:\.\d+)?(?![\w.])/g;
/** A number that changes by less than half changes little. */
const slightly = 1.5;

/** Whether only numbers change, line by line, and each by less than half. */
export const isSlight = oncePer(({ removed, added }: Hunk): boolean => {
	const before = removed.filter((line) => !isRemark(line));
	const after = added.filter((line) => !isRemark(line));
	const rest = (lines: readonly string[]) =>
		lines.map((line) => line.replace(numbers, "#").trim()).join("\n");
	if (before.length === 0 || rest(before) !== rest(after)) return false;
	const valuesOf = (lines: readonly string[]) =>
		(lines.join("\n").match(numbers) ?? []).map((one) => Number(one.replaceAll("_", "")));
	const now = valuesOf(after);
	const changes = valuesOf(before).map((value, at) => [value, now[at] ?? Number.NaN] as const);
	return (
		changes.some(([value, other]) => value !== other) &&
		changes.every(([one, other]) => Math.max(one, other) < slightly * Math.min(one, other) || one === other)
	);
});

/** The files of a commit that run in production, by their names. */
export const runningFiles = oncePer(({ files }: Patch): readonly FileChange[] =>
	files.filter(({ path }) => !/^(?:test|docs)$/.test(roleOfFile(path))),
);

/** Lines moved or renamed, nothing else. */
export const isRefactoring = oncePer(
	(files: readonly FileChange[]): boolean => isMove(files) || isRename(files),
);

/** Whether the change only moves lines, or renames: what is removed stands again among what is added. */
function isMove(files: readonly FileChange[]): boolean {
	const removed = new Map<string, number>();
	let [gone, back, put] = [0, 0, 0];
	const eachLine = (side: "removed" | "added", use: (line: string) => void) => {
		for (const { hunks } of files) {
			for (const hunk of hunks) {
				for (const line of hunk[side]) if (!isRemark(line)) use(bare([line]));
			}
		}
	};
	eachLine("removed", (line) => {
		gone += 1;
		removed.set(line, (removed.get(line) ?? 0) + 1);
	});
	eachLine("added", (line) => {
		put += 1;
		const left = removed.get(line) ?? 0;
		if (left === 0) return;
		back += 1;
		removed.set(line, left - 1);
	});
	return gone > 0 && back >= 0.8 * Math.max(gone, put);
}

const word = /[\p{L}_$][\p{L}\p{N}_$]*|\d[\d_.]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\S/gu;

/** Whether the change renames names one to one, each with its declaration or in a list of parameters, and does no more. */
export function isRename(files: readonly FileChange[]): boolean {
	const names = new Map<string, string>();
	const back = new Map<string, string>();
	let declared = false;
	for (const { hunks } of files) {
		for (const { removed, added } of hunks) {
			const before = removed.filter((line) => !isRemark(line));
			const after = added.filter((line) => !isRemark(line));
			const old = before.join("\n").match(word) ?? [];
			const now = after.join("\n").match(word) ?? [];
			if (old.length !== now.length) return false;
			for (const [index, token] of old.entries()) {
				const other = now[index] ?? "";
				if (token === other && !names.has(token)) continue;
				if (!/^[\p{L}_$]/u.test(token) || !/^[\p{L}_$]/u.test(other)) return false;
				if ((names.get(token) ?? other) !== other || (back.get(other) ?? token) !== token) return false;
				names.set(token, other);
				back.set(other, token);
				if (/^(?:const|let|var|function|def|class|,|\()$/.test(old[index - 1] ?? "")) declared = true;
			}
		}
	}
	return names.size > 0 && declared;
}
