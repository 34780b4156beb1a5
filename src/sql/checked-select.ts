// The type of a SELECT that the guard has checked.

declare const checked: unique symbol;

/**
 * A SELECT that the guard has judged: the only thing that a source takes. `text` is exactly what is sent to the API.
 * Only `src/sql` makes one, for the guard.
 */
export interface CheckedSelect {
	readonly text: string;
	/** What is sent to a source without the API's word filter, where it is another text: the same, not rewritten for it. */
	readonly plain?: string;
	/** The names of its result's columns, in order; empty where the guard does not tell them. */
	readonly columns: readonly string[];
	/** The most rows that may come. */
	readonly maxRows: number;
	/** How long the guard took for it, in milliseconds; a schema that had to be asked for first included. */
	readonly guardMs: number;
	readonly [checked]: true;
}
