// No patch is kept under the requested id.

import { type Explanation, Failure, quoteUntrusted } from "../../text/index.ts";

/** No patch is kept under this id. */
export class PatchUnknown extends Failure {
	readonly kind = "patch_unknown";

	constructor(readonly id: string) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `No patch is kept under ${quoteUntrusted(this.id, 40)}.`,
			next: "Propose it again (the newest 200 are kept).",
		};
	}
}
