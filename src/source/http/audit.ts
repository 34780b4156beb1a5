// The audit log: one line of JSON for each request that leaves the machine, with the SQL and without its values.

import { blankLiterals } from "../../sql/index.ts";
import { type Clock, PrivateLines } from "../../system/index.ts";
import { Failure } from "../../text/index.ts";
import type { Traced } from "./trace.ts";

/** Longer SQL is cut: a guarded query is not. */
const maxSqlLength = 50_000;

/** A request that has ended. */
export interface Audited {
	readonly question: Traced;
	/** The tool that asked; undefined for the command line. */
	readonly tool: string | undefined;
	/** The host that was asked. */
	readonly host: string;
	readonly source: "api" | "database";
	readonly ms: number;
	/** Undefined where none came. */
	readonly body: string | undefined;
	/** Why none came, or what it means. */
	readonly error: unknown;
}

/** What was asked of production must be accountable: nothing is sent that cannot be written down. */
export class AuditLog {
	readonly #lines: PrivateLines;

	/** @param environment its name, where several are configured */
	constructor(
		private readonly path: string,
		private readonly clock: Clock,
		private readonly environment?: string,
	) {
		this.#lines = new PrivateLines(path);
	}

	/** The same file, for the requests of one environment. */
	of(environment: string): AuditLog {
		return new AuditLog(this.path, this.clock, environment);
	}

	/** @throws {AuditLogUnusable} where a line could not be written */
	check(): void {
		this.#lines.check();
	}

	/** @throws {AuditLogUnusable} */
	write({ question, tool, host, source, ms, body, error }: Audited): void {
		const { route, selects = [] } = question;
		const sql = selects.map(({ text, plain }) =>
			blankLiterals(source === "database" ? (plain ?? text) : text, maxSqlLength),
		);
		const rows = body === undefined || error !== undefined ? undefined : question.countRows?.(body);
		this.#lines.append(
			JSON.stringify({
				at: new Date(this.clock.now()).toISOString(),
				tool: tool ?? null,
				environment: this.environment ?? host,
				...(this.environment === undefined ? {} : { host }),
				source,
				request: route,
				...(sql.length === 0 ? {} : { sql: sql.join("; ") }),
				...(rows === undefined ? {} : { rows }),
				...(body === undefined ? {} : { bytes: Buffer.byteLength(body) }),
				ms: Math.round(ms),
				outcome: outcomeOf(error) ?? (body === undefined ? "ok" : (question.refusedAs?.(body) ?? "ok")),
			}),
		);
	}
}

function outcomeOf(error: unknown): string | undefined {
	if (error === undefined) return undefined;
	if (error instanceof Failure) return error.kind;
	return error instanceof Error && error.name === "AbortError" ? "cancelled" : "failed";
}
