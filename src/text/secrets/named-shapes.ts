// Headers, cookies, parameters and commands that carry a secret: each by its own form.

import { isCredential } from "./values.ts";

/** A header, a cookie, a parameter: what its expression finds is hidden where `holds` says so. */
export interface NamedShape {
	readonly kind: string;
	/** One of them stands in each match, in lowercase. */
	readonly signs: readonly string[];
	/** The group `before` stays. */
	readonly pattern: RegExp;
	readonly holds: (secret: string) => boolean;
}

const always = () => true;
const scheme = "(?:bearer|basic|token|apikey|api-key|key|digest|negotiate|ntlm|hawk|ssws|oauth)";

/** In any text. */
export const namedShapes: readonly NamedShape[] = [
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
		signs: ["sess", ".sid", "xsrf", "csrf", ".aspnetcore."],
		pattern:
			/(?<before>(?:PHPSESSID|JSESSIONID|ASP\.NET_SessionId|\.AspNetCore\.[\w.]{3,60}|connect\.sid|laravel_session|XSRF-TOKEN|csrftoken)(?:=|%3[dD]))(?<secret>[^\s"'\\;&,<>]{8,2000})/gi,
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
		kind: "recovery codes",
		signs: ["recovery", "backup", "mnemonic", "seed"],
		pattern:
			/(?<before>(?:(?:recovery|backup)[ _-]?codes?|mnemonic|seed[ _-]?phrase)\\{0,2}["']?\s{0,3}[:=]\s{0,3}[[{]?\s{0,3}\\{0,2}["']?)(?<secret>(?<=[[{]\s{0,3}\\{0,2}["']?)[^\]}\n]{5,600}|(?:[a-z]{3,8} ){11,23}[a-z]{3,8}|[A-Za-z0-9]{4,12}(?:-[A-Za-z0-9]{4,12}){1,5})/gi,
		holds: (secret) => /[0-9]|(?:[a-z]+[\s"',]+){11}/i.test(secret),
	},
	{
		kind: "secret value",
		signs: ["sshpass", "redis-cli", "docker login", "mysql", "mariadb"],
		pattern:
			/(?<before>\b(?:sshpass\s{1,3}-p\s{0,2}|redis-cli\b[^\n]{0,80}?\s-a\s{1,2}|docker login\b[^\n]{0,80}?\s-p\s{1,2}|(?:mysql|mariadb)[a-z-]{0,12}\b[^\n]{0,80}?\s-p(?=\S))["']?)(?<secret>[^\s"'[]{3,200})/g,
		holds: always,
	},
	{
		kind: "secret value",
		signs: ["identified"],
		pattern: /(?<before>identified\s{1,3}by\s{1,3}["'])(?<secret>[^"'\n]{1,200})/gi,
		holds: always,
	},
];

/** In texts with a digit: a random value of their length is not without. */
export const digitShapes: readonly NamedShape[] = [
	{
		kind: "signature",
		signs: ["signature", "hmac", "verifier"],
		// Of webhooks and of signed URLs; and what proves who began an OAuth flow (RFC 7636).
		pattern:
			/(?<before>(?:signature|hmac|code[_-]?verifier)(?:[_-](?:sha[_-]?)?\d{1,3})?\\{0,2}["']?\s{0,3}[:=]\s{0,3}\\{0,2}["']?(?:t=\d{1,12},)?(?:(?:v\d|sha\d{1,3})[=,])?)(?<secret>[A-Za-z0-9+/_~.-]{24,2000}={0,2})/gi,
		holds: (secret) => /[0-9]/.test(secret) && isCredential(secret),
	},
	{
		kind: "authorization header",
		signs: ["digest"],
		pattern: /(?<before>\bresponse=\\{0,2}"?)(?<secret>[0-9a-f]{32,64})/gi,
		holds: always,
	},
	{
		kind: "basic credentials",
		signs: ['auth"', "_auth"],
		pattern: /(?<before>auth\\{0,2}"?\s{0,3}[:=]\s{0,3}\\{0,2}"?)(?<secret>[A-Za-z0-9+/]{6,2000}={0,2})/gi,
		holds: (secret) => secret.length >= 10 && isUserAndPassword(secret),
	},
	{
		kind: "one-time code",
		signs: [
			"pin:",
			"pin=",
			'pin"',
			"pin is",
			"pin_code",
			"pincode",
			"otp",
			"cvv",
			"cvc",
			"verification",
			"one-time",
			"one_time",
			"onetime",
		].concat(["security", "login", "sms", "mfa", "2fa", "confirmation"]),
		pattern:
			/(?<before>(?:(?<![a-z])(?:otp|pin|cvv2?|cvc2?)(?:[ _-]?code)?|(?:verification|one[ _-]?time|security|login|sms|mfa|2fa|confirmation)[ _-]?(?:pass)?code)(?:\\{0,2}["']?\s{0,3}[:=]\s{0,3}\\{0,2}["']?|\s(?:is|was)\s{1,2}))(?<secret>\d{3,8}(?![\w-]|\.\d))/gi,
		holds: always,
	},
	{
		kind: "private key",
		signs: ["kty"],
		// The private members of a JSON web key (RFC 7518).
		pattern:
			/(?<before>"(?:d|p|q|dp|dq|qi|k)\\{0,2}"\s{0,2}:\s{0,2}\\{0,2}")(?<secret>[A-Za-z0-9_-]{20,800})/g,
		holds: always,
	},
	{
		kind: "token in a URL",
		signs: ["reset", "verif", "confirm", "invit", "magic", "activat", "unsubscribe"],
		pattern:
			/(?<before>\/[\w-]{0,30}(?:reset|verif|confirm|invit|magic|activat|unsubscribe)[\w-]{0,30}(?:\/|\?\w{1,12}=))(?<secret>[A-Za-z0-9]{24,400})/gi,
		holds: (secret) => /[0-9]/.test(secret) && isCredential(secret),
	},
	{
		kind: "national number",
		signs: ["ssn", "social"],
		pattern:
			/(?<before>(?:\bssn|social[ _]?security(?:[ _]?(?:number|no))?)\\{0,2}["']?[\s:=#]{1,3}\\{0,2}["']?)(?<secret>\d{3}[- ]?\d\d[- ]?\d{4}(?![\w-]))/gi,
		holds: always,
	},
];

/** What follows `Basic`: base64 of `user:password`, and not a word such as `authentication`. */
function isUserAndPassword(secret: string): boolean {
	const text = Buffer.from(secret, "base64").toString("latin1");
	return /^[\x20-\x7e\x80-\xff]{0,200}:[\x20-\x7e\x80-\xff]{0,2000}$/.test(text) && /[A-Z0-9=]/.test(secret);
}
