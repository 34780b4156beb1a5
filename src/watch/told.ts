// One alert of a round: what it is, and what it is about.

import type { Alert, LimitReading, NewCode, Standing } from "./round.ts";
import type { KnownTrouble } from "./state.ts";

export type Subject =
	| { readonly of: "trouble"; readonly trouble: Standing }
	/** Told before, and in no answer any more. */
	| { readonly of: "gone"; readonly known: KnownTrouble }
	| { readonly of: "code"; readonly code: NewCode }
	| { readonly of: "limit"; readonly limit: LimitReading };

export interface Told {
	/** The same for the same alert, whoever tells it. */
	readonly id: string;
	/** What it is first, then what it is too. */
	readonly alerts: readonly Alert[];
	readonly about: Subject;
}
