// The API key is missing, unknown, or does not belong to a super admin.

import { type Explanation, Failure } from "../../text/index.ts";

/** No API key is set. */
export class KeyMissing extends Failure {
	readonly kind = "key_missing";

	explain(): Explanation {
		return {
			problem:
				"No API key is set, so production cannot be asked; search_codebase and propose_patch work without it.",
			next: "Set SKILLOMATIC_API_KEY (a super admin's key) in this server's configuration and restart it.",
			by: "user",
		};
	}
}

/** 401: the key is unknown or revoked. */
export class KeyRejected extends Failure {
	readonly kind = "key_rejected";

	explain(): Explanation {
		return {
			problem:
				"Production rejected the API key (401): it is unknown or revoked, so trying again does not help.",
			next: "Make a new key as a super admin, and set SKILLOMATIC_API_KEY to it.",
			by: "user",
		};
	}
}

/** 403: the key is valid, its owner is not a super admin. */
export class NotSuperAdmin extends Failure {
	readonly kind = "not_super_admin";

	explain(): Explanation {
		return {
			problem:
				"The API key is valid, but its owner is not a super admin (403), and only a super admin can query the database.",
			next: "Set SKILLOMATIC_API_KEY to a super admin's key.",
			by: "user",
		};
	}
}
