// Compiles globs to matchers whose running time is bounded.

import { InvalidArgument } from "../../text/index.ts";

/** Whether a glob matches a path (with `/` between its parts, below the root). */
export type GlobMatcher = (path: string) => boolean;

type Token =
	| { readonly kind: "char"; readonly char: string }
	| { readonly kind: "any" }
	| { readonly kind: "star" }
	| { readonly kind: "globstar" }
	| {
			readonly kind: "class";
			readonly negated: boolean;
			readonly ranges: readonly (readonly [string, string])[];
	  };

const maxLength = 200;
const maxAlternatives = 64;

/**
 * Supports the syntax of ripgrep and git: `*`, `?`, `[a-z]`, `{a,b}`, and `**` for any folders. A glob without `/`
 * matches a file's name in any folder; a leading `!` negates it.
 *
 * The matcher keeps a set of positions and never backtracks, so it takes at most length × length steps:
 * `*a*a*a*a*ab` takes seconds in backtracking matchers.
 *
 * @throws {InvalidArgument}
 */
export function compileGlob(glob: string): GlobMatcher {
	if (glob.length > maxLength) {
		throw new InvalidArgument(
			"glob",
			`it is longer than ${maxLength} characters.`,
			"Give a shorter one, such as src/**/*.ts.",
		);
	}
	const all = splitAtCommas(glob).map(compileOne);
	const wanted = all.filter(({ negated }) => !negated);
	const unwanted = all.filter(({ negated }) => negated);
	return (path) =>
		(wanted.length === 0 || wanted.some(({ fits }) => fits(path))) &&
		!unwanted.some(({ fits }) => fits(path));
}

function compileOne(glob: string): { readonly negated: boolean; readonly fits: GlobMatcher } {
	const negated = glob.startsWith("!");
	// A folder means all files in it.
	const given = withSlashes(glob.slice(negated ? 1 : 0)).replace(/\/$/, "/**");
	const rooted = given.includes("/");
	const plain = given.replace(/^\.?\//, "");
	const named = isName(plain) ? [plain, `${plain}/**`] : [plain];
	const alternatives = named.flatMap(expandBraces).map((one) => parse(rooted ? one : `**/${one}`));
	return { negated, fits: (path) => alternatives.some((tokens) => matches(tokens, path)) };
}

/** A name without a wildcard may be a folder's: then all files in it are meant. */
function isName(glob: string): boolean {
	return !/[*?[{\\]/.test(glob);
}

/** `src\\app\\*` is a path of Windows; a backslash before a letter escapes nothing in a glob. */
function withSlashes(glob: string): string {
	return !glob.includes("/") && /\\\w/.test(glob) ? glob.replaceAll("\\", "/") : glob;
}

/** Several globs in one text: commas inside of braces and brackets belong to one. */
function splitAtCommas(glob: string): readonly string[] {
	const globs: string[] = [];
	let [depth, from] = [0, 0];
	for (let at = 0; at < glob.length; at += 1) {
		const char = glob.charAt(at);
		if (char === "\\") at += 1;
		else if (char === "{") depth += 1;
		else if (char === "}") depth -= 1;
		else if (char === "," && depth <= 0) {
			globs.push(glob.slice(from, at));
			from = at + 1;
		}
	}
	globs.push(glob.slice(from));
	const named = globs.map((one) => one.trim().replace(/^(["'])(.*)\1$/, "$2")).filter((one) => one !== "");
	return named.length === 0 ? [glob] : named;
}

/** `a{b,c}d` is `abd` and `acd`; braces do not nest deeper than the bound allows. */
function expandBraces(glob: string): readonly string[] {
	let done: string[] = [];
	let open = [glob];
	while (open.length > 0) {
		const next: string[] = [];
		for (const one of open) {
			const [, before, inside, after] = /^([^{]*)\{([^{}]*)\}(.*)$/.exec(one) ?? [];
			if (before === undefined || inside === undefined || after === undefined) done.push(one);
			else next.push(...inside.split(",").map((part) => before + part + after));
		}
		if (done.length + next.length > maxAlternatives) {
			throw new InvalidArgument(
				"glob",
				`its braces make more than ${maxAlternatives} globs.`,
				"Give a simpler one.",
			);
		}
		open = next;
	}
	done = [...new Set(done)];
	return done;
}

function parse(glob: string): readonly Token[] {
	const tokens: Token[] = [];
	for (let index = 0; index < glob.length; index += 1) {
		const char = glob.charAt(index);
		if (glob.startsWith("**/", index)) {
			tokens.push({ kind: "globstar" });
			index += 2;
		} else if (glob.startsWith("**", index)) {
			tokens.push({ kind: "globstar" }, { kind: "star" });
			index += 1;
		} else if (char === "*") tokens.push({ kind: "star" });
		else if (char === "?") tokens.push({ kind: "any" });
		else if (char === "[" && glob.indexOf("]", index + 2) > 0) {
			const end = glob.indexOf("]", index + 2);
			tokens.push(parseClass(glob.slice(index + 1, end)));
			index = end;
		} else if (char === "\\" && index + 1 < glob.length) {
			index += 1;
			tokens.push({ kind: "char", char: glob.charAt(index) });
		} else tokens.push({ kind: "char", char });
	}
	return tokens;
}

function parseClass(inside: string): Token {
	const negated = /^[!^]/.test(inside);
	const body = negated ? inside.slice(1) : inside;
	const ranges: [string, string][] = [];
	for (let index = 0; index < body.length; index += 1) {
		const from = body.charAt(index);
		if (body.charAt(index + 1) === "-" && index + 2 < body.length) {
			ranges.push([from, body.charAt(index + 2)]);
			index += 2;
		} else ranges.push([from, from]);
	}
	return { kind: "class", negated, ranges };
}

/** Steps through the path with the set of possible next tokens. */
function matches(tokens: readonly Token[], path: string): boolean {
	let places = reach(tokens, new Set([0]), true);
	for (let index = 0; index < path.length; index += 1) {
		const char = path.charAt(index);
		const next = new Set<number>();
		for (const place of places) {
			const token = tokens[place];
			if (token === undefined) continue;
			// A globstar matches whole folders: it stays active, and the next token starts only after a slash.
			if (token.kind === "globstar" || (token.kind === "star" && char !== "/")) next.add(place);
			if (accepts(token, char)) next.add(place + 1);
		}
		places = reach(tokens, next, char === "/");
		if (places.size === 0) return false;
	}
	return places.has(tokens.length);
}

/** Stars may match nothing; a globstar ends only at the start of a folder. */
function reach(
	tokens: readonly Token[],
	places: ReadonlySet<number>,
	atFolder: boolean,
): ReadonlySet<number> {
	const all = new Set(places);
	for (const place of all) {
		const kind = tokens[place]?.kind;
		if (kind === "star" || (kind === "globstar" && atFolder)) all.add(place + 1);
	}
	return all;
}

function accepts(token: Token, char: string): boolean {
	switch (token.kind) {
		case "char":
			return token.char === char;
		case "any":
			return char !== "/";
		case "class":
			return char !== "/" && token.ranges.some(([from, to]) => char >= from && char <= to) !== token.negated;
		case "star":
		case "globstar":
			return false;
	}
}
