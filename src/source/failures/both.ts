// Neither of the two ways to production answers.

import { type Explanation, explanationOf, Failure } from "../../text/index.ts";

/** The API is down, and the database that was asked in its place could not be asked either. */
export class BothFailed extends Failure {
	readonly kind = "both_failed";

	constructor(
		readonly api: Failure,
		readonly database: Failure,
	) {
		super();
	}

	explain(): Explanation {
		const [api, database] = [explanationOf(this.api), explanationOf(this.database)];
		return {
			problem: `${api?.problem ?? "Production's API did not answer."} Its database was asked in its place: ${database?.problem ?? "it did not answer."}`,
			next: [...new Set([api?.next ?? "", database?.next ?? ""])].filter((next) => next !== "").join(" "),
			by: "user",
		};
	}
}
