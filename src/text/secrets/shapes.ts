// Secrets that are known by their form and not by how they begin: key blocks, hashes, passwords in addresses.

import { hasCheckDigits } from "./check-digits.ts";
import { type FoundSecret, isStart } from "./found.ts";

interface SecretShape {
	readonly kind: string;
	/** Stands in each match, so that a text without it is not looked at. */
	readonly sign: string | ((text: string) => boolean);
	/** The group `before`, where there is one, stays; `ahead`, in a look-behind, is hidden too: an expression that begins with a literal is fast, and looks ahead before it looks back. */
	readonly pattern: RegExp;
	/** It never begins inside a word. */
	readonly isWord?: true;
	/** Whether what was found is one; always where it is left out. */
	readonly holds?: (secret: string) => boolean;
}

/** Behind one of its dollar signs a hash goes on for so long; template literals have a brace there. */
const hash = /[A-Za-z0-9./+=,:$_-]{16}/y;

function hasHash(text: string): boolean {
	for (let at = text.indexOf("$"); at >= 0; at = text.indexOf("$", at + 1)) {
		hash.lastIndex = at + 1;
		if (hash.test(text)) return true;
	}
	return false;
}

/** A comment has slashes, and no colon before them. */
function hasAddress(text: string): boolean {
	return text.includes("/") && /:\]?\\?\//.test(text);
}

const shapes: readonly SecretShape[] = [
	{
		kind: "private key",
		sign: "PRIVATE KEY",
		// To its end; without one in reach, as far as what follows looks like its body.
		pattern:
			/-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----(?:(?:(?!-----)[\s\S]){0,16000}-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:\s|\\[nr]|\\u\{d\}){0,4}[A-Za-z0-9+/=]{32}[A-Za-z0-9+/=\s\\]{0,16000})?/g,
	},
	{
		kind: "private key",
		sign: "PRIVATE KEY ----",
		pattern: /---- BEGIN SSH2 [A-Z ]{0,20}PRIVATE KEY ----(?:(?!---- END)[\s\S]){0,16000}/g,
	},
	{
		kind: "private key",
		sign: "Private-Lines:",
		pattern: /(?<before>Private-Lines:)\s{0,3}\d{1,4}\s[A-Za-z0-9+/=\s]{32,16000}/g,
	},
	{
		kind: "private key",
		sign: "PRIVATE KEY",
		// Cut off before its beginning.
		pattern:
			/-----END (?<=(?<ahead>[A-Za-z0-9+/=]{40,76}(?:\r?\n|\\n)(?:[A-Za-z0-9+/=]{1,76}(?:\r?\n|\\n)){0,200})-----END )[A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g,
	},
	{
		kind: "password hash",
		sign: hasHash,
		// bcrypt, argon2, scrypt, PBKDF2, yescrypt, SHA crypt, MD5 crypt, phpass; whole or cut off.
		isWord: true,
		pattern:
			/\$(?:2[abxy]?\$\d\d|argon2(?:id|i|d)|(?:s?crypt|pbkdf2)(?:-[a-z0-9]{1,12})?|bcrypt-sha256|y|gy|7|[156]|apr1|md5|P|H|S|sha1)\$[A-Za-z0-9./+=,$_-]{16,400}/gi,
	},
	{
		kind: "password hash",
		sign: hasHash,
		isWord: true,
		pattern:
			/(?:(?:pbkdf2|scrypt|bcrypt|argon2|sha\d{1,3}|md5)(?:[_:][a-z0-9]{1,12}){0,4}|SCRAM-SHA-256)\$[A-Za-z0-9./+=,:$_-]{24,400}/gi,
	},
	{
		kind: "password hash",
		sign: "{",
		pattern: /\{(?:SSHA|SHA|SMD5|CRYPT|PBKDF2)(?:\d{3})?\}[A-Za-z0-9+/=$.]{16,200}/g,
	},
	{
		kind: "password in a URL",
		sign: hasAddress,
		// To the last @ of the authority, since passwords hold @ as well; also where Markdown was made inert.
		pattern:
			/(?<before>:(?:\\?\/){2}[^\s/:@"'<>]{0,100}:|\[:\]\/\/[^\s/:@"'<>]{0,100}:)(?!\d{1,5}[?#,;])[^\s/"'<>]{1,200}(?=@|\[@\])/g,
	},
	{
		kind: "password in a URL",
		sign: "jdbc:oracle:",
		pattern: /(?<before>jdbc:oracle:[a-z]{1,8}:[^\s/@"']{1,60}\/)[^\s@"']{1,100}(?=@)/g,
	},
	{
		kind: "token in a URL",
		sign: hasAddress,
		pattern: /(?<before>(?::|\[:\])\/\/)[A-Za-z0-9_-]{20,200}(?=@|\[@\])/g,
	},
	{
		kind: "Telegram token",
		sign: ":AA",
		pattern: /(?<![0-9])\d{7,11}:AA[A-Za-z0-9_-]{30,40}/g,
	},
	{ kind: "push token", sign: ":APA91", pattern: /[A-Za-z0-9_-]{11,40}:APA91[A-Za-z0-9_-]{40,300}/g },
	{
		kind: "Discord token",
		sign: ".",
		isWord: true,
		pattern:
			/\.(?=[A-Za-z0-9_-]{6}\.)(?<=(?<ahead>[MNO][A-Za-z0-9_-]{22,27})\.)[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,40}(?![A-Za-z0-9_-])/g,
	},
	{
		kind: "Azure secret",
		sign: "Q~",
		isWord: true,
		pattern: /Q~(?<=(?<ahead>[A-Za-z0-9_~.-]{3}\d)Q~)[A-Za-z0-9_~.-]{28,40}/g,
	},
	{
		kind: "Terraform token",
		sign: ".atlasv1.",
		pattern: /[A-Za-z0-9]{10,20}\.atlasv1\.[A-Za-z0-9_=-]{20,100}/g,
	},
	{
		kind: "mail key",
		sign: "-",
		isWord: true,
		pattern:
			/-(?=us\d|[0-9a-f]{8}-)(?<=(?<ahead>[0-9a-f]{32})-)(?:us\d{1,2}|[0-9a-f]{8}-[0-9a-f]{8})(?![A-Za-z0-9-])/g,
	},
	{
		kind: "monitoring token",
		sign: "NRAL",
		isWord: true,
		pattern: /NRAL(?<=(?<ahead>[0-9a-f]{36})NRAL)(?![A-Za-z0-9])/g,
	},
	{
		kind: "account number",
		sign: (text) => /\d{4}[ -]?\d{4}/.test(text),
		// Cards (ISO/IEC 7812): Visa, Mastercard, Discover, JCB, American Express. Bank accounts: IBAN (ISO 13616).
		pattern:
			/(?<![\w.-])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6(?:011|4[4-9]\d|5\d\d)|35\d\d)(?<sep>[ -]?)\d{4}\k<sep>\d{4}\k<sep>\d{4}|3[47]\d\d[ -]?\d{6}[ -]?\d{5}|[A-Z]{2}\d\d ?[A-Z0-9]{4} ?[A-Z0-9]{4}(?: ?[A-Z0-9]{1,4}){1,6})(?![\w-]|\.\d)/g,
		holds: hasCheckDigits,
	},
];

/** Every secret of one of these forms; they may overlap. */
export function findShapes(text: string): readonly FoundSecret[] {
	const found: FoundSecret[] = [];
	for (const { kind, sign, pattern, isWord, holds } of shapes) {
		if (!(typeof sign === "string" ? text.includes(sign) : sign(text))) continue;
		pattern.lastIndex = 0;
		for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
			const { before = "", ahead = "" } = match.groups ?? {};
			const from = match.index + before.length - ahead.length;
			if (holds?.(match[0]) === false) pattern.lastIndex = match.index + 4;
			else if (!isWord || isStart(text, from)) found.push({ kind, from, to: match.index + match[0].length });
		}
	}
	return found;
}
