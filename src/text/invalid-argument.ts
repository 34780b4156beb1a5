// The failure of a call whose arguments cannot be used.

import { type Explanation, Failure } from "./failure.ts";

/** An argument that the caller gave cannot be used. */
export class InvalidArgument extends Failure {
	readonly kind = "invalid_argument";

	/**
	 * @param argument the argument's name as the tool's schema spells it
	 * @param problem what is wrong, and why: a whole sentence
	 * @param next what to give instead: a whole sentence
	 */
	constructor(
		readonly argument: string,
		readonly problem: string,
		readonly next: string,
	) {
		super();
	}

	explain(): Explanation {
		return { problem: `${this.argument}: ${this.problem}`, next: this.next };
	}
}
