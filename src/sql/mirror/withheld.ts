// Which columns agents cannot read: by the contract, since nobody knows what they hold, or by their names.

import { harmlessColumns, withheldColumns } from "./contract.ts";

/** Why a column cannot be read. */
export type WithheldAs =
	/** A secret of the contract. */
	| "secret"
	| "personal"
	/** A secret by its name. */
	| "secret_name"
	/** The contract does not know it, in a table where people and secrets are. */
	| "unlisted";

/** Words that end with one of these: `api_token`, `apiKey`. `tokens` and `keys` are none: they count, or name `api_keys`. */
const secretEndings =
	"password passwords passwd pwd secret secrets token key hash salt credential credentials otp cookie cookies jwt".split(
		" ",
	);
/** Too short, or too common as an ending: whole words only. */
const secretWords =
	"auth oauth bearer pin pins seed seeds mnemonic cvv cvc pem dsn signature passphrase passcode encrypted".split(
		" ",
	);
/** Long enough to be no part of another word. */
const longWords = ["password", "passwd", "secret", "token", "credential", "cookie"];
/** Several words, written as one. */
const secretPhrases =
	"privatekeys apikeys backupcode recoverycode connectionstring databaseurl webhookurl accesscode resetcode verificationcode sharecode nangoconnectionid stripecustomerid".split(
		" ",
	);

const personalEndings = ["email", "phone"];
const personalWords = "ssn iban dob birthday birthdate ip mobile passport surname address street".split(" ");
const personalPhrases =
	"ipaddress fullname firstname lastname dateofbirth zipcode postalcode avatarurl creditcard".split(" ");

/** Most names hold none of the words anywhere. */
const suspicious = new RegExp(
	[
		...[...secretEndings, ...secretWords, ...personalEndings, ...personalWords],
		...[...secretPhrases, ...personalPhrases].map((phrase) => phrase.split("").join("[^a-z0-9]?")),
	].join("|"),
	"i",
);

/**
 * Whether a name is one that a deployment gives to a secret, or to personal data: one of its words (between `_` or other
 * signs, or from a lowercase letter to a capital, digits at its end aside) is on a list, or ends with one that is, or
 * holds a long one; or several words are. SQL's names know no letter case, so that `apiToken` may be asked for as
 * `apitoken`, and `api_token` as `api_toKen`: the words are looked at both ways. `url_hash` is none, nor is what ends in
 * `_id`, but for the id of a token or the like.
 */
export function withheldByName(name: string): "secret_name" | "personal" | undefined {
	if (!suspicious.test(name)) return undefined;
	const lower = name.toLowerCase();
	const joined = lower.replaceAll(/[^a-z0-9]/g, "");
	if (lower === "url_hash") return undefined;
	if (secretPhrases.some((phrase) => joined.includes(phrase))) return "secret_name";
	const words = [...wordsOf(lower), ...wordsOf(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase())];
	if (lower.endsWith("_id"))
		return words.some((word) => longWords.includes(word)) ? "secret_name" : undefined;
	if (words.some(isSecretWord)) return "secret_name";
	return words.some(isPersonalWord) || personalPhrases.some((phrase) => joined.includes(phrase))
		? "personal"
		: undefined;
}

function wordsOf(name: string): readonly string[] {
	return name.split(/[^a-z0-9]+/).map((word) => word.replace(/\d{1,9}$/, ""));
}

function isSecretWord(word: string): boolean {
	const counted = word.replace(/tokens$/, "");
	return (
		secretWords.includes(word) ||
		secretEndings.some((secret) => counted.endsWith(secret)) ||
		longWords.some((long) => counted.includes(long))
	);
}

function isPersonalWord(word: string): boolean {
	return personalWords.includes(word) || personalEndings.some((personal) => word.endsWith(personal));
}

/** Why a column of a table that production lists cannot be read; undefined where it can. */
export function withheldColumn(table: string, column: string): WithheldAs | undefined {
	const [inTable, name] = [table.toLowerCase(), column.toLowerCase()];
	const listed = withheldColumns[inTable]?.[name];
	if (listed !== undefined) return listed;
	const harmless = harmlessColumns[inTable];
	if (harmless === undefined) return withheldByName(column);
	return harmless.includes(name) ? undefined : "unlisted";
}

/** The columns of a table that the contract withholds, whether this deployment has them or not. */
export function withheldByContract(table: string): readonly string[] {
	return Object.keys(withheldColumns[table.toLowerCase()] ?? {});
}
