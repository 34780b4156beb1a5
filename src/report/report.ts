// The Production Debug Report as data, before it is rendered.

/** One row of the summary, as production counted it. */
export interface ReportCode {
	readonly code: string;
	readonly count: number;
	readonly category: string | undefined;
	readonly topSkill: string | undefined;
}

/** What an issue is about, with production's own count of it in the window. */
export type ReportSubject =
	| {
			readonly kind: "error_code";
			readonly code: string;
			readonly count: number;
			/** What narrows it, as `provider gmail, since 2026-…`. */
			readonly within?: string | undefined;
	  }
	| {
			readonly kind: "skill";
			readonly skill: string;
			readonly failures: number;
			readonly runs: number;
			readonly within?: string | undefined;
	  };

/** A proposed patch and whether it still applies; or why it is not shown. */
export type ReportPatch =
	| { readonly id: string; readonly diff: string; readonly state: PatchState }
	| { readonly id: string; readonly missing: string };

/**
 * `unchanged`: its files are as they were when it was proven. `applies`: they changed, and git still applies it.
 * `broken`: they changed, and git does not apply it.
 */
export type PatchState = "unchanged" | "applies" | "broken";

/** One issue: the subject's numbers are production's, the texts are the agent's. */
export interface ReportIssue {
	readonly subject: ReportSubject;
	readonly title?: string | undefined;
	readonly rootCause: string;
	readonly evidence: readonly string[];
	/** What it names that is not in the repository, a sentence each. */
	readonly missing?: readonly string[];
	/** What happened to the same trouble before, in a line. */
	readonly history?: string | undefined;
	readonly location?: string | undefined;
	readonly currentCode?: string | undefined;
	readonly proposedFix: string;
	readonly patch?: ReportPatch | undefined;
	readonly files: readonly { readonly path: string; readonly change: string }[];
}

/** An episode in words, with the commits that likely caused and ended it. */
export interface ReportEpisode {
	readonly code: string;
	/** Of the code, where it is not all of it. */
	readonly where: string;
	readonly words: string;
	readonly isOn: boolean;
	/** Epoch seconds. */
	readonly since: number;
	/** The commits that `suspects` names. */
	readonly commits: readonly ReportCommit[];
	/** The hash of the commit that likely caused it. */
	readonly commit?: string;
	/** The likeliest commits in a line each, or why there is none. */
	readonly suspects: readonly string[];
}

/** A commit that an episode names. */
export interface ReportCommit {
	/** The whole hash. */
	readonly id: string;
	/** When the main line had it, epoch seconds. */
	readonly at: number;
	readonly subject: string;
	/** The first deployment that carried it, epoch seconds. */
	readonly deployedAt?: number;
}

/** Texts are as received, except that secrets and addresses are masked. */
export interface Report {
	/** As it was asked, such as `24h`; undefined for a window with fixed ends. */
	readonly since: string | undefined;
	/** The environment's name, where it has one. */
	readonly environment?: string;
	/** Epoch seconds; `to` excluded. */
	readonly window: { readonly from: number; readonly to: number };
	/** Production's clock minus ours in seconds, where it is the one that counts. */
	readonly clockDifferenceSeconds?: number;
	/** What narrows every number, as `name value`. */
	readonly filters: readonly string[];
	readonly total: number;
	readonly uniqueCodes: number;
	/** The most frequent codes. */
	readonly codes: readonly ReportCode[];
	/** Events of codes that `codes` leaves out. */
	readonly otherCount: number;
	/** What production's numbers show; rendered only if the agent gave no issue. */
	readonly findings: readonly string[];
	/** Of the issues' codes; of all codes if the agent gave no issue. */
	readonly episodes: readonly ReportEpisode[];
	readonly issues: readonly ReportIssue[];
	readonly actions: {
		readonly immediate?: string | undefined;
		readonly shortTerm?: string | undefined;
		readonly monitor?: string | undefined;
	};
}
