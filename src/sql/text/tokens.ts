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
	/** What a word, a quoted identifier or a string stands for; undefined for other tokens. */
	readonly name: string | undefined;
	/** The name as SQLite compares names. */
	readonly folded: string | undefined;
}

// Each one is anchored and looks at a character once.
const space = /[ \t\n\f\r]+/y;
const number =
	/(?:0[xX][0-9a-fA-F_]+|(?:[0-9][0-9_]*(?:\.[0-9_]*)?|\.[0-9][0-9_]*)(?:[eE][+-]?[0-9][0-9_]*)?)/y;
const variable = /[?][0-9]*|[:@#$][A-Za-z0-9_$:\u0080-\uffff]+/y;
const blob = /[xX]'[0-9a-fA-F]*'/y;
const lineComment = /--[^\n]*\n?/y;

/** SQLite folds ASCII only. */
export function fold(name: string): string {
	return /[^\0-\x7f]/.test(name)
		? name.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())
		: name.toLowerCase();
}

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

/** The text of tokens that stand side by side in it. */
export function textOf(tokens: readonly Token[]): string {
	let text = "";
	for (const token of tokens) text += token.text;
	return text;
}

function next(text: string, at: number): Token {
	const first = text[at] ?? "";
	switch (first) {
		case " ":
			if (!isSpace(text.charCodeAt(at + 1))) return blank;
			return token("space", match(space, text, at) ?? first);
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
	const end = wordEnd(text, at);
	if (end > at) return wordToken(text.slice(at, end));
	const operator = signs.get(first);
	// `.5` is a number, and no number begins with another sign.
	const digits = operator === undefined || first === "." ? match(number, text, at) : undefined;
	if (digits !== undefined) return token("number", digits);
	if (operator !== undefined || first === "!")
		return (
			signs.get(text.slice(at, at + 3)) ??
			signs.get(text.slice(at, at + 2)) ??
			operator ??
			token("illegal", first)
		);
	const bound = match(variable, text, at);
	return bound === undefined ? token("illegal", first) : token("variable", bound);
}

function isSpace(code: number): boolean {
	return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b);
}

/** Where the word ends that begins at a place; the place itself where none does. */
function wordEnd(text: string, start: number): number {
	let end = start;
	while (end < text.length) {
		const code = text.charCodeAt(end);
		const isLetter = (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a) || code === 0x5f;
		const isMore = end > start && ((code >= 0x30 && code <= 0x39) || code === 0x24);
		if (!isLetter && !isMore && code < 0x80) break;
		end += 1;
	}
	return end;
}

function token(kind: Token["kind"], text: string): Token {
	return { kind, text, key: "", name: undefined, folded: undefined };
}

/** One space. */
export const blank = token("space", " ");

function signToken(text: string): Token {
	return { kind: "sign", text, key: text, name: undefined, folded: undefined };
}

const signs: ReadonlyMap<string, Token> = new Map(
	"->> -> || << >> <= >= <> == != - + * / % ( ) , . ; < > = | & ~"
		.split(" ")
		.map((text) => [text, signToken(text)]),
);

/** Words that texts have in common, most of them keywords and columns. */
const words = new Map<string, Token>();
const maxWords = 4000;
/** A longer one would keep the whole text in memory of which it is a part. */
const maxKept = 12;

/** The token of a word, which is the same each time for most words. */
export function wordToken(text: string): Token {
	const kept = words.get(text);
	if (kept !== undefined) return kept;
	const made: Token = { kind: "word", text, key: keyOf(text), name: text, folded: fold(text) };
	if (text.length > maxKept) return made;
	if (words.size >= maxWords) words.clear();
	words.set(text, made);
	return made;
}

/** A word that is a name, although it may be written like a keyword. */
export function nameToken(text: string): Token {
	return { kind: "word", text, key: "", name: text, folded: fold(text) };
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
	if (end < 0) return token("unterminated", text.slice(at));
	const whole = text.slice(at, end + length);
	if (kind !== "quoted" && kind !== "string") return token(kind, whole);
	const name = unquoted(whole);
	return { kind, text: whole, key: "", name, folded: fold(name) };
}

function unquoted(text: string): string {
	const close = text.at(-1) ?? "";
	const inside = text.slice(1, -1);
	return close === "]" || !inside.includes(close) ? inside : inside.replaceAll(close + close, close);
}

/** What a word, a quoted identifier or a string stands for; undefined for other tokens. */
export function nameOf(token: Token | undefined): string | undefined {
	return token?.name;
}

/** Whether a token is one of these keywords (in capitals) or signs. */
export function is(token: Token | undefined, ...keys: readonly string[]): boolean {
	return token !== undefined && token.key !== "" && keys.includes(token.key);
}

/** The same for many of them. */
export function isIn(token: Token | undefined, keys: ReadonlySet<string>): boolean {
	return token !== undefined && keys.has(token.key);
}
