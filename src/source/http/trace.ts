// What is logged about a request: names, times and sizes; never a literal or a result.

import { blankLiterals, type CheckedSelect } from "../../sql/index.ts";
import { Failure } from "../../text/index.ts";

export interface RequestTrace {
	/** Below the API's `database/`, such as `query` or `schema/users`; `pipeline` at the database itself. */
	readonly route: string;
	/** A query's SQL without its literals. */
	readonly sql?: string;
	/** How long the guard took, including a schema that it had to request. */
	readonly guardMs?: number;
	/** The HTTP exchange; for a failed request, all attempts and waits. */
	readonly roundTripMs: number;
	readonly rows?: number;
	readonly bytes?: number;
	/** A failure's kind, or another error's name. */
	readonly failure?: string;
}

export type OnRequest = (trace: RequestTrace) => void;

/** What of a request is logged beside its times. */
export interface Traced {
	readonly route: string;
	/** Its queries; none for a request without one. */
	readonly selects?: readonly CheckedSelect[];
	/** Rows of a query's response; undefined for a response of another shape, which its reader refuses. */
	countRows?(body: string): number | undefined;
	/** The kind of failure that a response with status 200 means; undefined for none. */
	refusedAs?(body: string): string | undefined;
}

/** The response, and how long its exchange took. */
interface Exchanged {
	readonly answer: { readonly body: string };
	readonly ms: number;
}

/** Reports a request after it has ended. Costs nothing if nobody listens. */
export async function traced<T extends Exchanged>(
	onRequest: OnRequest | undefined,
	question: Traced,
	request: Promise<T>,
): Promise<T> {
	if (onRequest === undefined) return request;
	const started = performance.now();
	const { route, selects = [] } = question;
	const [select] = selects.length === 1 ? selects : [];
	const asked = {
		route,
		...(select === undefined ? {} : { sql: blankLiterals(select.text), guardMs: select.guardMs }),
	};
	try {
		const exchanged = await request;
		const { body } = exchanged.answer;
		const rows = select === undefined ? undefined : question.countRows?.(body);
		onRequest({
			...asked,
			roundTripMs: exchanged.ms,
			...(rows === undefined ? {} : { rows }),
			bytes: Buffer.byteLength(body),
		});
		return exchanged;
	} catch (error) {
		const failure = error instanceof Failure ? error.kind : error instanceof Error ? error.name : "unknown";
		onRequest({ ...asked, roundTripMs: performance.now() - started, failure });
		throw error;
	}
}
