/** One token of SQL, as SQLite's own tokenizer cuts it (src/tokenize.c). Tokens joined are the text again. */
export interface Token {
	readonly kind:
		| "word"
		/** An identifier in "…", `…` or […]. */
		| "quoted"
		| "string"
		| "blob"
		| "number"
		| "variable"
		| "sign"
		| "space"
		| "comment"
		/** A string, an identifier or a comment that does not end. */
		| "unterminated"
		| "illegal";
	readonly text: string;
}

// Each one is anchored and looks at a character once.
const space = /[ \t\n\f\r]+/y;
const word = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y;
const number =
	/(?:0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)/y;
const variable = /[?][0-9]*|[:@#$][A-Za-z0-9_$:\u0080-\uffff]+/y;
const blob = /[xX]'[0-9a-fA-F]*'/y;
const sign = /->>|->|\|\||<<|>>|<=|>=|<>|==|!=|[-+*/%(),.;<>=|&~]/y;
const lineComment = /--[^\n]*\n?/y;

/** Cuts a text into tokens, in one pass. */
export function tokenize(text: string): readonly Token[] {
	const tokens: Token[] = [];
	let at = 0;
	while (at < text.length) {
		const token = next(text, at);
		tokens.push(token);
		at += token.text.length;
	}
	return tokens;
}

function next(text: string, at: number): Token {
	const first = text[at] ?? "";
	switch (first) {
		case "'":
			return delimited(text, at, "'", "string");
		case '"':
		case "`":
			return delimited(text, at, first, "quoted");
		case "[":
			return closed(text, at, text.indexOf("]", at), 1, "quoted");
		case "/":
			if (text[at + 1] === "*") return closed(text, at, text.indexOf("*/", at + 2), 2, "comment");
			break;
		case "-":
			if (text[at + 1] === "-") return { kind: "comment", text: match(lineComment, text, at) ?? "--" };
	}
	const kinds = [
		["space", space],
		["blob", blob],
		["word", word],
		["number", number],
		["variable", variable],
		["sign", sign],
	] as const;
	for (const [kind, pattern] of kinds) {
		const found = match(pattern, text, at);
		if (found !== undefined) return { kind, text: found };
	}
	return { kind: "illegal", text: first };
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
	pattern.lastIndex = at;
	return pattern.exec(text)?.[0];
}

/** Up to the delimiter that is not doubled. */
function delimited(text: string, at: number, delimiter: string, kind: "string" | "quoted"): Token {
	let end = text.indexOf(delimiter, at + 1);
	while (end >= 0 && text[end + 1] === delimiter) end = text.indexOf(delimiter, end + 2);
	return closed(text, at, end, 1, kind);
}

function closed(text: string, at: number, end: number, length: number, kind: Token["kind"]): Token {
	return end < 0
		? { kind: "unterminated", text: text.slice(at) }
		: { kind, text: text.slice(at, end + length) };
}

/** The tokens that mean something. */
export function withoutSpace(tokens: readonly Token[]): readonly Token[] {
	return tokens.filter(({ kind }) => kind !== "space" && kind !== "comment");
}

/** What a word, a quoted identifier or a string stands for; undefined for other tokens. */
export function nameOf(token: Token | undefined): string | undefined {
	switch (token?.kind) {
		case "word":
			return token.text;
		case "quoted":
		case "string": {
			const close = token.text.at(-1) ?? "";
			const inside = token.text.slice(1, -1);
			return close === "]" ? inside : inside.replaceAll(close + close, close);
		}
		default:
			return undefined;
	}
}

/** Whether a token is this keyword (in capitals) or sign. */
export function is(token: Token | undefined, ...texts: readonly string[]): boolean {
	if (token === undefined || (token.kind !== "word" && token.kind !== "sign")) return false;
	// SQLite folds ASCII only; JavaScript would make a dotless i an I, and a keyword of what is none.
	return /^[\x20-\x7e]{1,20}$/.test(token.text) && texts.includes(token.text.toUpperCase());
}
