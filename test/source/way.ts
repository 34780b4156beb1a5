// Which of the two ways a test's production is asked by: its API, or its database itself.

import type { Config } from "../../src/config/index.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { type Libsql, startLibsql } from "./libsql.ts";
import { readOnlyToken } from "./tokens.ts";

export interface Way {
	readonly settings: Pick<Config, "apiUrl" | "apiKey" | "database">;
	/** Undefined where the API is asked. */
	readonly libsql: Libsql | undefined;
	/** The SQL of all queries that were sent, its own of the schema left out. */
	sent(): readonly string[];
	close(): Promise<void>;
}

/** Statements that the API has routes for. */
const ofSchema =
	/^PRAGMA table_info|^SELECT name FROM sqlite_schema|^SELECT COUNT\(\*\) AS n FROM "\w+" LIMIT 1$/;

/**
 * @param by default: the API, or what `TEST_SOURCE` says, with which bench/database.ts runs the tests of the tools again
 * @param now the server's time, epoch seconds
 */
export async function wayTo(
	sandbox: Sandbox,
	now: number | undefined,
	by: "api" | "database" = process.env.TEST_SOURCE === "database" ? "database" : "api",
): Promise<Way> {
	if (by === "api") {
		return {
			settings: { apiUrl: sandbox.url, apiKey: sandbox.keys.superAdmin },
			libsql: undefined,
			sent: () =>
				sandbox.requests.flatMap(({ body }) =>
					typeof body === "object" && body !== null && "query" in body ? [String(body.query)] : [],
				),
			close: async () => {},
		};
	}
	const libsql = await startLibsql(sandbox.database, {
		token: readOnlyToken,
		...(now === undefined ? {} : { now }),
	});
	return {
		settings: {
			apiUrl: sandbox.url,
			apiKey: undefined,
			database: { url: libsql.url, token: readOnlyToken },
		},
		libsql,
		sent: () => libsql.seen.flatMap(({ sql }) => sql.filter((text) => !ofSchema.test(text))),
		close: () => libsql.close(),
	};
}
