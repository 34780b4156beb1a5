// Values that stand beside a name which says they are secret: assignments, headers, cookies, parameters of a URL.

import type { FoundSecret } from "./found.ts";
import { isCredential, isPassword, isToken } from "./values.ts";

/**
 * A name as it ends: what stands before it (`DB_`, `stripe`) may be anything. What may not stand behind it is any
 * letter: `tokens`, `token_count` and `api_key_id` are no secrets.
 */
const names =
	"pass(?:(?:word|wd|phrase|code)(?:[_-]?hash)?|(?<![a-z]pass))|pwd(?<![a-z]pwd)|secret(?:[_-]?access)?(?:[_-]?key)?(?:[_-]?base)?|token|credentials?|" +
	"key(?<=(?:api|access|private|auth|account|encryption|signing|master|service|role|license|app|application|consumer|client|shared|webhook|storage|function|admin|deploy|session|jwt|hmac)[_-]?key)";

/** `=`, `: `, `":"`, `=>`, `\":\"`, `%3D`, ` is `, `>`; of a command line's flag, a space. */
const separators =
	"(?:\\\\{0,2}[\"'`])?\\]?\\s{0,3}(?::=|=>|==|[:=])\\s{0,3}|%3[dD]|\\s(?:is|was)\\s{1,2}|>|(?<=--[\\w-]{1,40})\\s{1,2}";

const assigned = new RegExp(
	`(${names})(${separators})((?:\\\\{0,2}["'\`])?)([^\\s"'\`<>(){}\\[\\],;&|\\\\]{1,500})`,
	"iy",
);

/** What stands between the beginning of a parameter or a flag and the name's end. */
const inQuery = /(?:[?&;#]|(?:^|\s)--)[\w.\-[\]]{0,40}$/;
/** Tokens that are places in a list, or marks of a tokenizer. */
const place = /(?:page|next|sync|continuation|resume|start|eos|bos|pad|unk|sep|cls|mask)[_-]?$/i;

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
		const isSecret = !place.test(ahead) && isOf(written);
		if (isSecret) found.push({ kind: "secret value", from: end - value.length, to: end });
		from = isSecret ? end : at + name.length;
	}
	return found;
}

/** A header, a cookie, a parameter: what its expression finds is hidden where `holds` says so. */
interface NamedShape {
	readonly kind: string;
	/** One of them stands in each match, in lowercase. */
	readonly signs: readonly string[];
	/** The group `before` stays. */
	readonly pattern: RegExp;
	readonly holds: (secret: string) => boolean;
}

const always = () => true;
const scheme = "(?:bearer|basic|token|apikey|api-key|key|digest|negotiate|ntlm|hawk|ssws|oauth)";

const namedShapes: readonly NamedShape[] = [
	{
		kind: "bearer token",
		signs: ["bearer"],
		pattern: /(?<before>bearer(?:[\s:=]{1,3}|%20|\\u0020)["']?)(?<secret>[A-Za-z0-9._~+/-]{8,4000}={0,2})/gi,
		holds: isCredential,
	},
	{
		kind: "basic credentials",
		signs: ["basic"],
		pattern: /(?<before>basic(?:[\s:=]{1,3}|%20)["']?)(?<secret>[A-Za-z0-9+/_-]{6,2000}={0,2})/gi,
		holds: isUserAndPassword,
	},
	{
		kind: "authorization header",
		signs: ["authorization"],
		pattern: new RegExp(
			`(?<before>authorization\\\\{0,2}["']?\\s{0,3}[:=]\\s{0,3}\\\\{0,2}["']?(?:${scheme}\\s{1,2})?)(?<secret>[^\\s"'\\\\,;<>]{6,4000})`,
			"gi",
		),
		holds: isCredential,
	},
	{
		kind: "cookie",
		signs: ["cookie"],
		pattern:
			/(?<before>cookie\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?)(?<secret>[A-Za-z0-9_.$-]{1,100}=[^\s"'\\;]{4,4000}(?:;[^\n"'\\]{0,4000})?)/gi,
		holds: (secret) => /[0-9]/.test(secret) || secret.length > 24,
	},
	{
		kind: "session cookie",
		signs: ["sess", ".sid", "xsrf", "csrf"],
		pattern:
			/(?<before>(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|connect\.sid|laravel_session|XSRF-TOKEN|csrftoken)(?:=|%3[dD]))(?<secret>[^\s"'\\;&,<>]{8,2000})/gi,
		holds: always,
	},
	{
		kind: "secret value",
		signs: ["?", "&", "#", ";"],
		pattern:
			/(?<before>[?&;#](?:sig|signature|x-amz-signature|x-goog-signature|code|auth|key|jwt|sid|ticket|samlresponse|assertion|hmac|otp)(?:=|%3d))(?<secret>[^\s&"'<>#\\;]{8,4000})/gi,
		holds: isCredential,
	},
	{
		kind: "secret value",
		signs: [" -u", "--user"],
		pattern:
			/(?<before>(?:\s-u|--user)[\s=]{1,2}["']?[^\s:"'@/]{1,80}:)(?<secret>(?!\d{1,6}(?:\s|$))[^\s"'@/]{3,200})/g,
		holds: always,
	},
	{
		kind: "secret value",
		signs: ["identified"],
		pattern: /(?<before>identified\s{1,3}by\s{1,3}["'])(?<secret>[^"'\n]{1,200})/gi,
		holds: always,
	},
];

/** What follows `Basic`: base64 of `user:password`, and not a word such as `authentication`. */
function isUserAndPassword(secret: string): boolean {
	const text = Buffer.from(secret, "base64").toString("latin1");
	return /^[\x20-\x7e\x80-\xff]{0,200}:[\x20-\x7e\x80-\xff]{0,2000}$/.test(text) && /[A-Z0-9=]/.test(secret);
}

const separator = /[=:>%\s]/;

/** How the names of an assignment begin, and all longer signs of the others: one look at a text tells which are in it. */
const words = new RegExp(
	`(pass|pwd|secret|token|credential|key)|${namedShapes
		.flatMap(({ signs }) => signs.filter((sign) => sign.length > 1))
		.map((sign) => sign.replace(".", "\\."))
		.join("|")}`,
	"gi",
);

/** Every secret that is known by what stands before it; they may overlap. */
export function findNamed(text: string): readonly FoundSecret[] {
	if (!separator.test(text)) return [];
	const places: number[] = [];
	const standing = new Set<string>();
	words.lastIndex = 0;
	for (let match = words.exec(text); match !== null; match = words.exec(text)) {
		if (match[1] === undefined) standing.add(match[0].toLowerCase());
		else places.push(match.index);
		words.lastIndex = match.index + 1;
	}
	const found: FoundSecret[] = [];
	for (const { kind, signs, pattern, holds } of namedShapes) {
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
	return [...found, ...findAssigned(text, places)];
}
