// The doctor's check of the second way to production: its database itself.

import { unusableFor } from "../../config/index.ts";
import type { Services } from "../../services.ts";
import type { Turso } from "../../source/index.ts";
import { withDeadline } from "../../system/index.ts";
import { isoInstant } from "../../text/index.ts";
import { failed, ok, skipped, type Verdict, warning } from "./check.ts";
import { failedBy } from "./failed-by.ts";

/** A token that ends within this time, in seconds, is warned of. */
const soon = 7 * 86_400;

const renew =
	"Make one that expires later: turso db tokens create NAME --read-only --expiration 30d, and set SKILLOMATIC_DATABASE_TOKEN to it.";

/** Asks the database for its tables, and looks at the token. */
export async function checkDatabase({ config, turso, clock }: Services): Promise<Verdict> {
	if (turso === undefined)
		return skipped("SKILLOMATIC_DATABASE_URL is not set: when the API is down, nothing is asked");
	const { database } = config;
	if (database === undefined || unusableFor(config, "database") !== undefined)
		return skipped("not checked until the setting is corrected");
	const started = performance.now();
	try {
		await turso.tables({ signal: withDeadline(new AbortController().signal, config.timeoutMs) });
	} catch (error) {
		return failedBy(error);
	}
	const took = Math.round(performance.now() - started);
	const detail = `${new URL(database.url).host} answers in ${took} ms (${protocolWords(turso)})`;
	if (database.token === undefined) return ok(`${detail}; no token, on this machine`);
	const { expires } = database;
	if (expires === undefined) {
		return warning(
			`${detail}; the token may only read, and never expires`,
			"Make one that does: turso db tokens create NAME --read-only --expiration 30d.",
		);
	}
	const until = `${detail}; the token may only read, until ${isoInstant(expires)}`;
	return expires - clock.now() / 1000 < soon ? warning(until, renew) : ok(until);
}

function protocolWords(turso: Turso): string {
	const { protection, version } = turso.state();
	const how = {
		transaction: "read-only transactions",
		described: "only statements that it describes as read-only",
		single: "single statements, since it offers no read-only transactions",
	}[protection];
	return `protocol ${version ?? "unknown"}, ${how}`;
}

/** Without a key for the API. */
export function checkNoKey({ turso }: Services): Verdict {
	return turso === undefined
		? failed("not set", "Set SKILLOMATIC_API_KEY, or SKILLOMATIC_API_KEY_FILE, to a super admin's key.")
		: skipped("not set: the database itself is asked");
}
