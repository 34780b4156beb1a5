/**
 * The base of everything that can go wrong in a way the agent is told about.
 *
 * A failure carries what happened as data; the sentence that the agent reads is chosen in
 * `src/answer/errors`, so that wording lives in one place. Each room defines its own subclasses.
 * `message` is for logs only and never holds a secret or a row's content.
 */
export abstract class Failure extends Error {
	/** The class's stable name, for logs and tests. */
	abstract readonly kind: string;
}

/** An argument that the caller gave cannot be used. `problem` and `next` are whole sentences. */
export class InvalidArgument extends Failure {
	readonly kind = "invalid_argument";

	/**
	 * @param argument the argument's name as the tool's schema spells it
	 * @param problem what is wrong, and why
	 * @param next what to give instead
	 */
	constructor(
		readonly argument: string,
		readonly problem: string,
		readonly next: string,
	) {
		super(`${argument}: ${problem}`);
	}
}
