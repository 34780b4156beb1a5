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
const secretEndings = list(
	"password passwords passwd pwd secret secrets token key hash salt credential credentials otp cookie cookies jwt",
);
/** Too short, or too common as an ending: whole words only. */
const secretWords = list(
	"auth oauth authorization bearer pin pins seed seeds mnemonic cvv cvc pem dsn signature passphrase passcode encrypted ciphertext creds csrf xsrf verifier bcrypt pw keystore headers",
);
/** Long enough to be no part of another word. */
const longWords = list("password passwd secret token credential cookie");
/** Several words, also where they are written as one. */
const secretPhrases = list(
	"privatekeys apikeys pgpprivate backupcode recoverycode connectionstring connectionuri connstr databaseurl dburl redisurl webhookurl " +
		"accesskeyid accesscode resetcode verificationcode confirmationcode devicecode smscode logincode authcode invitecode sharecode " +
		"magiclink resetlink invitelink sharelink reseturl inviteurl shareurl signedurl presignedurl sasurl smtppass dbpass userpass " +
		"securityanswer cardnumber ccnumber accountnumber routingnumber nangoconnectionid stripecustomerid",
);

const personalEndings = list("email phone");
const personalWords = list(
	"ssn iban dob birthday birthdate ip mobile passport surname nickname address street gender ethnicity religion salary avatar lat lng latitude longitude geolocation",
);
const personalPhrases = list(
	"ipaddress remoteaddr fullname firstname lastname middlename maidenname username candidatename applicantname customername contactname " +
		"dateofbirth zipcode postalcode avatarurl photourl profileurl profilepicture linkedinurl coverletter creditcard bankaccount " +
		"taxid taxnumber vatid vatnumber nationalid driverslicense devicefingerprint birthdate",
);

/** Words that end like a secret's name, and are none. */
const otherWords = list("monkey turnkey hockey secretary tokenizer tokenization");
/** Before the last word, these make it a name, a place in a list or a sum of content. */
const harmlessBefore: Readonly<Record<string, readonly string[]>> = {
	key: list(
		"primary foreign sort partition cache shard row group lookup idempotency dedupe dedup translation object",
	),
	hash: list("url content commit git file body schema query prompt template build bundle config"),
	token: list("page next sync continuation"),
};
/** What ends with one of these tells of a secret or of a person how many, what kind, since when; it holds none. */
const facts = list(
	"count counts limit limits type types kind kinds at status method provider algorithm version valid verified confirmed enabled " +
		"required expired expires expiry attempts retries failures rounds length size bytes rate hits misses order position family calls " +
		"ms seconds minutes days ttl consent accepted format policy reason",
);
/** What begins with one of these, too. */
const questions = list("has is was are requires needs allows num max min");

/** By name: our own queries ask for the same few with every call. */
const judged = new Map<string, "secret_name" | "personal" | undefined>();
const mostJudged = 5000;

/**
 * Whether a name is one that a deployment gives to a secret, or to personal data: one of its words (between `_` or other
 * signs, or from a lowercase letter to a capital, digits at its end aside) is on a list, or ends with one that is, or
 * holds a long one; or several words are. SQL's names know no letter case, so that `apiToken` may be asked for as
 * `apitoken`, and `api_token` as `api_toKen`: the words are looked at both ways. `token_count`, `has_password` and
 * `commit_hash` are none, nor is what ends in `_id`, but for the id of a token or the like.
 */
export function withheldByName(name: string): "secret_name" | "personal" | undefined {
	if (judged.has(name)) return judged.get(name);
	const why = judgeName(name);
	if (judged.size < mostJudged) judged.set(name, why);
	return why;
}

function judgeName(name: string): "secret_name" | "personal" | undefined {
	const lower = wordsOf(name.toLowerCase());
	const camel = wordsOf(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase());
	if (isFact(lower) || isFact(camel)) return undefined;
	if ([lower, camel].some((words) => holdsPhrase(words, secretPhrases))) return "secret_name";
	const isPersonal = [lower, camel].some((words) => holdsPhrase(words, personalPhrases));
	const words = [...lower, ...camel];
	if (lower.at(-1) === "id" && lower.length > 1) {
		if (words.some((word) => longWords.includes(word))) return "secret_name";
		return isPersonal ? "personal" : undefined;
	}
	if (words.some(isSecretWord)) return "secret_name";
	return isPersonal || words.some(isPersonalWord) ? "personal" : undefined;
}

function wordsOf(name: string): readonly string[] {
	return name.split(/[^a-z0-9]+/).map((word) => word.replace(/\d{1,9}$/, ""));
}

function isFact(words: readonly string[]): boolean {
	const last = words.at(-1) ?? "";
	if (words.length < 2) return false;
	if (facts.includes(last) || questions.includes(words[0] ?? "")) return true;
	const rest = words.slice(0, -1);
	return (
		harmlessBefore[last]?.includes(rest.at(-1) ?? "") === true &&
		!rest.slice(0, -1).some((word) => isSecretWord(word) || isPersonalWord(word))
	);
}

/** Short phrases begin and end where words do: `tax_id`, and not `syntax_id`. */
function holdsPhrase(words: readonly string[], phrases: readonly string[]): boolean {
	const joined = words.join("");
	const runs = words.flatMap((word, at) => [word, words.slice(at, at + 2).join("")]);
	return phrases.some((phrase) => (phrase.length < 8 ? runs.includes(phrase) : joined.includes(phrase)));
}

function isSecretWord(word: string): boolean {
	const counted = word.replace(/tokens$/, "");
	if (otherWords.includes(word)) return false;
	return (
		secretWords.includes(word) ||
		secretEndings.some((secret) => counted.endsWith(secret)) ||
		longWords.some((long) => counted.includes(long))
	);
}

function isPersonalWord(word: string): boolean {
	return personalWords.includes(word) || personalEndings.some((personal) => word.endsWith(personal));
}

function list(words: string): readonly string[] {
	return words.split(" ");
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
