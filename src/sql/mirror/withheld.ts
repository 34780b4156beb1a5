/** Why a column cannot be read. */
export type WithheldAs = "secret" | "personal";

/**
 * The secrets and the personal data of Skillomatic's own tables, from the API's contract. Of these tables all other
 * columns that Skillomatic itself has are readable, whatever their names (`known`).
 */
const contract: Readonly<Record<string, Readonly<Record<string, WithheldAs>>>> = {
	users: {
		password_hash: "secret",
		stripe_customer_id: "secret",
		email: "personal",
		name: "personal",
		avatar_url: "personal",
	},
	organizations: { llm_api_key: "secret" },
	api_keys: { key: "secret" },
	organization_invites: { token: "secret", email: "personal" },
	sessions: { id: "secret" },
	system_settings: { value: "secret" },
	integrations: { metadata: "secret", nango_connection_id: "secret" },
	skills: { share_code: "secret" },
	scrape_tasks: { url: "personal", result: "personal" },
};

/** Columns with a secret's name in which Skillomatic keeps none. */
const known: readonly string[] = [
	"system_settings.key",
	"system_settings.is_secret",
	"scrape_tasks.url_hash",
];

/** `tokens` and `keys` are none: they count, or name the table `api_keys`. */
const secretWords = [
	"password",
	"passwords",
	"passwd",
	"secret",
	"secrets",
	"token",
	"key",
	"hash",
	"salt",
	"credential",
	"credentials",
	"otp",
	"cookie",
	"cookies",
];
/** Secrets of the contract whose names no rule on words would find; they are secrets in any table. */
const secretNames = ["nango_connection_id", "share_code", "stripe_customer_id"];
const personalWords = ["email", "phone"];

/** Long enough to be no part of another word. */
const longWords = ["password", "passwd", "secret", "token", "credential", "cookie"];

/** Most names hold none of the words anywhere. */
const suspicious = new RegExp([...secretWords, ...personalWords, ...secretNames].join("|"), "i");

/**
 * Whether a name is one that a deployment gives to a secret, or to personal data: one of its words (between `_` or other
 * signs, or from small letters to a capital, digits at its end aside) is on the list, or ends with one that is, or
 * holds a long one. SQL's names know no letter case, so that `apiToken` may be asked for as `apitoken`, and `api_token`
 * as `api_toKen`: the words are looked at both ways. `url_hash` and what ends in `_id` are none.
 */
export function withheldByName(name: string): WithheldAs | undefined {
	if (!suspicious.test(name)) return undefined;
	const lower = name.toLowerCase();
	if (secretNames.includes(lower)) return "secret";
	if (lower === "url_hash" || lower.endsWith("_id")) return undefined;
	const words = [...wordsOf(lower), ...wordsOf(name.replace(/([a-z0-9])([A-Z])/g, "$1_$2").toLowerCase())];
	if (words.some(isSecretWord)) return "secret";
	return words.some((word) => personalWords.some((personal) => word.endsWith(personal)))
		? "personal"
		: undefined;
}

function wordsOf(name: string): readonly string[] {
	return name.split(/[^a-z0-9]+/).map((word) => word.replace(/\d{1,9}$/, ""));
}

function isSecretWord(word: string): boolean {
	const counted = word.replace(/tokens$/, "");
	return (
		secretWords.some((secret) => counted.endsWith(secret)) || longWords.some((long) => counted.includes(long))
	);
}

/** Why a column of a table that production lists cannot be read; undefined where it can. */
export function withheldColumn(table: string, column: string): WithheldAs | undefined {
	const [inTable, name] = [table.toLowerCase(), column.toLowerCase()];
	if (known.includes(`${inTable}.${name}`)) return undefined;
	return contract[inTable]?.[name] ?? withheldByName(column);
}

/** The columns of a table that the contract withholds, whether this deployment has them or not. */
export function withheldByContract(table: string): readonly string[] {
	return Object.keys(contract[table.toLowerCase()] ?? {});
}
