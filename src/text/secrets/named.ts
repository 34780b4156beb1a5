// Values that stand beside a name which says they are secret: assignments, headers, cookies, parameters of a URL.

import type { FoundSecret } from "./found.ts";
import { digitShapes, type NamedShape, namedShapes } from "./named-shapes.ts";
import { isPassword, isToken } from "./values.ts";

/**
 * A name as it ends: what stands before it (`DB_`, `stripe`) may be anything. What may not stand behind it is any
 * letter: `tokens`, `token_count` and `api_key_id` are no secrets.
 */
const names =
	"pass(?:(?:word|wd|phrase|code)(?:[_-]?hash)?|(?<![a-z]pass))|pwd(?<![a-z]pwd)|secret(?:[_-]?access)?(?:[_-]?key)?(?:[_-]?base)?|token|credentials?|salt(?<=[_-]salt)|" +
	"key(?<=(?:api|access|private|auth|account|subscription|encryption|signing|master|service|role|license|app|application|consumer|client|shared|webhook|storage|function|admin|deploy|session|jwt|hmac)[_-]?key)";

const mark = "(?:\\\\{0,2}[\"'`])?";
const flag = "(?<=--[\\w-]{1,40})";

/** What parts a name from its value. */
const separators = [
	// `name: DB_PASSWORD`, a line below `value: x`; `"path":["password"],"received":"x"`
	`${mark}\\]?[,:\\s]{1,12}${mark}(?:value|received)${mark}[:=\\s]{1,3}`,
	// `=`, `: `, `":"`, `=>`, `\":\"`
	`${mark}\\]?\\s{0,3}(?::=|=>|==|[:=])\\s{0,3}`,
	"%3[dD]",
	"\\s(?:is|was)\\s{1,2}",
	// `<secret>`, `<secret type="text">`
	">|(?<=<[\\w:.-]{1,60})\\s[^<>]{1,80}>",
	// `--password x`, `["--password", "x"]`
	`${flag}(?:\\s{1,2}|${mark}\\s?,\\s?)`,
	// `password 'x'`: SQL, and sentences.
	"(?<=password|passphrase)\\s(?=[\"'])",
	// A form's part.
	`${mark}(?:\\r?\\n|\\\\r\\\\n){2}`,
].join("|");

const assigned = new RegExp(
	`(${names})(${separators})(${mark})([^\\s"'\`<>(){}\\[\\],;&|\\\\]{1,500})`,
	"iy",
);

/** What stands between the beginning of a parameter or a flag and the name's end. */
const inQuery = /(?:[?&;#]|(?:^|\s)--)[\w.\-[\]]{0,40}$/;
/** Tokens that are places in a list, or marks of a tokenizer. */
const place = /(?:page|next|sync|continuation|resume|start|eos|bos|pad|unk|sep|cls|mask)[_-]?$/i;

/** Words with spaces between them, in quotation marks: a label, a message. */
function isSentence(text: string): boolean {
	return text.includes(" ") && /^[A-Za-z]+(?:[ ,.'-]{1,2}[A-Za-z]+){1,40}[.!?]?$/.test(text);
}

/** `password=…`, `"api_key": "…"`, `?access_token=…`, `--password …`, `<secret>…`. @param places where a name may begin */
function findAssigned(text: string, places: readonly number[]): readonly FoundSecret[] {
	const found: FoundSecret[] = [];
	let from = 0;
	for (const at of places) {
		assigned.lastIndex = at;
		const match = at < from ? null : assigned.exec(text);
		if (match === null) continue;
		const [whole, name = "", separator = "", quote = "", value = ""] = match;
		const end = at + whole.length;
		const ahead = text.slice(Math.max(0, at - 48), at);
		const written = {
			value,
			isQuoted: quote !== "",
			isTight: /^(?:=|%3d)$/i.test(separator),
			isParameter: inQuery.test(ahead),
			after: text.charAt(end),
		};
		const isOf = /^(?:pass|pwd|secret$)/i.test(name) ? isPassword : isToken;
		const to = quote === "" ? end : quotedEnd(text, end);
		const isSecret = !place.test(ahead) && isOf(written) && !isSentence(text.slice(end - value.length, to));
		if (isSecret) found.push({ kind: "secret value", from: end - value.length, to });
		from = isSecret ? to : at + name.length;
	}
	return found;
}

const inQuotes = /[^"'`\\\n]{0,200}/y;

/** What stands in quotation marks is one value, whatever signs and spaces it has. */
function quotedEnd(text: string, from: number): number {
	inQuotes.lastIndex = from;
	inQuotes.test(text);
	return /["'`\\]/.test(text.charAt(inQuotes.lastIndex)) ? inQuotes.lastIndex : from;
}

const separator = /[=:>%\s]/;

/** How the names of an assignment begin. */
const beginnings = "pass|pwd|secret|token|credential|key|salt";
/** Those, and all longer signs of the others: one look at a text tells which are in it. */
const words = new RegExp(`(${beginnings})|${signsOf(namedShapes)}`, "gi");
const digitWords = new RegExp(signsOf(digitShapes), "gi");

function signsOf(shapes: readonly NamedShape[]): string {
	const signs = shapes.flatMap((shape) => shape.signs).filter((sign) => sign.length > 1);
	return [...new Set(signs)].map((sign) => sign.replaceAll(".", "\\.")).join("|");
}

/** Every secret that is known by what stands before it; they may overlap. */
export function findNamed(text: string): readonly FoundSecret[] {
	if (!separator.test(text)) return [];
	const { places, standing } = wordsIn(text, words);
	const found = [...findShaped(text, namedShapes, standing), ...findAssigned(text, places)];
	const signs = /[0-9]/.test(text) ? wordsIn(text, digitWords).standing : none;
	return signs.size === 0 ? found : [...found, ...findShaped(text, digitShapes, signs)];
}

const none: ReadonlySet<string> = new Set();

/** Where a name may begin, and which signs of shapes stand in a text, in lowercase. */
function wordsIn(text: string, of: RegExp): { places: readonly number[]; standing: ReadonlySet<string> } {
	const places: number[] = [];
	const standing = new Set<string>();
	of.lastIndex = 0;
	for (let match = of.exec(text); match !== null; match = of.exec(text)) {
		if (match[1] !== undefined) places.push(match.index);
		else standing.add(match[0].toLowerCase());
		of.lastIndex = match.index + 1;
	}
	return { places, standing };
}

function findShaped(
	text: string,
	shapes: readonly NamedShape[],
	standing: ReadonlySet<string>,
): readonly FoundSecret[] {
	const found: FoundSecret[] = [];
	for (const { kind, signs, pattern, holds } of shapes) {
		if (!signs.some((sign) => (sign.length > 1 ? standing.has(sign) : text.includes(sign)))) continue;
		pattern.lastIndex = 0;
		for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
			const { before = "", secret = "" } = match.groups ?? {};
			const from = match.index + before.length;
			// What is masked once stays as it is.
			if (!secret.startsWith("[hidden") && holds(secret)) {
				found.push({ kind, from, to: from + secret.length });
			} else pattern.lastIndex = from;
		}
	}
	return found;
}
