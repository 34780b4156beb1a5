// Splits SQL into tokens, as SQLite's tokenizer does.

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
	/** A keyword or a sign in capitals; empty for what is neither. */
	readonly key: string;
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
		case " ":
		case "\t":
		case "\n":
		case "\f":
		case "\r":
			return token("space", match(space, text, at) ?? first);
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
			if (text[at + 1] === "-") return token("comment", match(lineComment, text, at) ?? "--");
			break;
		case "x":
		case "X": {
			const found = text[at + 1] === "'" ? match(blob, text, at) : undefined;
			if (found !== undefined) return token("blob", found);
			break;
		}
	}
	const name = match(word, text, at);
	if (name !== undefined) return { kind: "word", text: name, key: keyOf(name) };
	const digits = match(number, text, at);
	if (digits !== undefined) return token("number", digits);
	const bound = match(variable, text, at);
	if (bound !== undefined) return token("variable", bound);
	const operator = match(sign, text, at);
	return operator === undefined ? token("illegal", first) : { kind: "sign", text: operator, key: operator };
}

function token(kind: Token["kind"], text: string): Token {
	return { kind, text, key: "" };
}

/** SQLite folds ASCII only; JavaScript would make a dotless i an I, and a keyword of what is none. */
function keyOf(name: string): string {
	return name.length <= 20 && !/[^\x20-\x7e]/.test(name) ? name.toUpperCase() : "";
}

function match(pattern: RegExp, text: string, at: number): string | undefined {
	pattern.lastIndex = at;
	return pattern.test(text) ? text.slice(at, pattern.lastIndex) : undefined;
}

/** Up to the delimiter that is not doubled. */
function delimited(text: string, at: number, delimiter: string, kind: "string" | "quoted"): Token {
	let end = text.indexOf(delimiter, at + 1);
	while (end >= 0 && text[end + 1] === delimiter) end = text.indexOf(delimiter, end + 2);
	return closed(text, at, end, 1, kind);
}

function closed(text: string, at: number, end: number, length: number, kind: Token["kind"]): Token {
	return end < 0 ? token("unterminated", text.slice(at)) : token(kind, text.slice(at, end + length));
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

/** Whether a token is one of these keywords (in capitals) or signs. */
export function is(token: Token | undefined, ...keys: readonly string[]): boolean {
	return token !== undefined && token.key !== "" && keys.includes(token.key);
}

/** The same for many of them. */
export function isIn(token: Token | undefined, keys: ReadonlySet<string>): boolean {
	return token !== undefined && keys.has(token.key);
}
