// Which columns are withheld: the contract's, those that it does not know, and those whose names tell.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { harmlessColumns } from "../../src/sql/mirror/contract.ts";
import { withheldByName, withheldColumn } from "../../src/sql/mirror/withheld.ts";
import { type Production, startProduction, withheldColumns } from "./corpus/productions.ts";

const closed = Object.keys(harmlessColumns);

/** Every column of every table, as the real server told it. */
async function recorded(): Promise<readonly string[]> {
	const folder = join(import.meta.dirname, "..", "recordings");
	const { response } = await read(folder, "tables.json");
	const tables: readonly string[] = response.body.data.tables;
	const columns: string[] = [];
	for (const table of tables) {
		const { response: schema } = await read(folder, `schema-${table}.json`);
		for (const { name } of schema.body.data.columns) columns.push(`${table}.${name}`);
	}
	return columns;
}

async function read(folder: string, file: string) {
	return JSON.parse(await readFile(join(folder, file), "utf8"));
}

const judge = (column: string) => {
	const [table = "", name = ""] = column.split(".");
	return withheldColumn(table, name);
};

describe("the contract's columns", () => {
	test("are readable but for its secrets and personal data", async () => {
		const columns = await recorded();
		expect(columns.length).toBeGreaterThan(150);
		expect(columns.filter((column) => judge(column) !== undefined).sort()).toEqual(
			[...withheldColumns].sort(),
		);
		const harmless = Object.entries(harmlessColumns).flatMap(([table, names]) =>
			names.map((name) => `${table}.${name}`),
		);
		expect(harmless.filter((column) => !columns.includes(column))).toEqual([]);
	});
});

const list = (names: string) => names.split(" ");
const secrets = list(
	"pwd jwt auth pin private_keys backup_codes mfa_seed connection_string signature encrypted_config webhook_url access_token_id db_password apiKey privateKeys recovery_codes oauth_token refreshToken session_cookie totp_secret authorization_token signing_key card_cvv client_secret_id DATABASE_URL " +
		"pgp_private csrf_token magic_link presigned_url sas_url invite_code db_url connStr smtp_pass pw creds code_verifier device_code request_headers " +
		"bcrypt security_answer card_number account_number access_key_id authorization oauth_state_verifier password_used stripekey email_content_hash",
);
const personal = list(
	"ssn iban dob ip_address full_name email contactEmail phone_number first_name client_ip birthdate home_address username candidate_name tax_id nationalId vat_number avatar photo_url lat longitude geolocation gender salary " +
		"device_fingerprint linkedin_url cover_letter remote_addr",
);
/** Some tell of a secret, and hold none. */
const harmless = list(
	"tokens prompt_tokens max_tokens keys api_key_id session_id skill_id url_hash shipping mapping opinion author authored_by pinned design assigned_at signal zip descriptor ipsum status provider " +
		"token_count tokenLimit token_type token_expires_at has_token is_secret secret_count key_kind pin_order address_family phone_calls phone_count email_verified_at " +
		"password_changed_at has_password auth_type auth_status hash_ms hash_algorithm cookie_consent signature_valid ip_version primary_key sort_key idempotency_key " +
		"commit_hash content_hash next_token page_token monkey turnkey secretary tokenizer syntax_id fingerprint",
);

describe("by its name", () => {
	test.each(secrets)("%s is a secret", (name) => {
		expect(withheldByName(name)).toBe("secret_name");
	});
	test.each(personal)("%s is personal", (name) => {
		expect(withheldByName(name)).toBe("personal");
	});
	test.each(harmless)("%s is neither", (name) => {
		expect(withheldByName(name)).toBeUndefined();
	});
});

describe("a column that a deployment added", () => {
	let closedOne: Production;
	let opened: Production;
	beforeAll(async () => {
		[closedOne, opened] = await Promise.all([
			startProduction("alpha", { small: true }),
			startProduction("alpha", { small: true, readableColumns: ["users.plan", "roles.webhook_url"] }),
		]);
		for (const { database } of [closedOne, opened]) {
			for (const table of closed) database.run(`ALTER TABLE ${table} ADD COLUMN plan TEXT DEFAULT 'gold'`);
			database.run("ALTER TABLE roles ADD COLUMN plan TEXT DEFAULT 'gold'");
			database.run("ALTER TABLE roles ADD COLUMN webhook_url TEXT DEFAULT 'gold'");
		}
	});
	afterAll(() => Promise.all([closedOne.close(), opened.close()]));

	test.each(closed)("is withheld in %s, with the setting that opens it", async (table) => {
		const { isError, text } = await closedOne.ask(`SELECT max(plan) FROM ${table}`);
		expect(isError).toBe(true);
		expect(text).toContain(`${table}.plan is withheld`);
		expect(text).toContain(`PROD_DEBUGGER_READABLE_COLUMNS=${table}.plan`);
	});

	test("is readable in another table, unless its name is a secret's", async () => {
		expect((await closedOne.ask("SELECT max(plan) FROM roles")).structured?.rows).toEqual([["gold"]]);
		const { text } = await closedOne.ask("SELECT max(webhook_url) FROM roles");
		expect(text).toContain("PROD_DEBUGGER_READABLE_COLUMNS=roles.webhook_url");
	});

	test("is opened by the setting, and no other is", async () => {
		const rows = async (sql: string) => (await opened.ask(sql)).structured?.rows;
		expect(await rows("SELECT max(plan) FROM users")).toEqual([["gold"]]);
		expect(await rows("SELECT max(webhook_url) FROM roles")).toEqual([["gold"]]);
		expect(await rows("SELECT max(plan) FROM organizations")).toBeUndefined();
		expect(await rows("SELECT max(email) FROM users")).toBeUndefined();
	});
});
