// No patch is kept under the requested id.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** No patch is kept under this id. */
export class PatchUnknown extends Failure {
	readonly kind = "patch_unknown";

	/** @param mayBeElsewhere other environments keep patches too */
	constructor(
		readonly id: string,
		readonly mayBeElsewhere = false,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `No patch is kept under ${quoteUntrusted(this.id, 40)}.`,
			next: this.mayBeElsewhere
				? "Give the environment that it was proposed for; verify_fix takes its commit too. Else propose it again (the newest 200 are kept)."
				: "Propose it again (the newest 200 are kept).",
		};
	}
}
