// A commit cannot be undone cleanly: the places that have changed since.

import { type Explanation, Failure, maskSecrets, quoteUntrusted } from "../../text/index.ts";

/** A file in which the undone change meets a later one. */
export interface ConflictPlace {
	readonly path: string;
	/** As git names it, such as `contents` or `modify/delete`. */
	readonly kind: string;
	/** Lines of the file as it is now, from 1; empty where it is not a matter of lines. */
	readonly lines: readonly { readonly from: number; readonly to: number }[];
	/** The newest commits that changed the file since. */
	readonly since: readonly { readonly commit: string; readonly subject: string }[];
	/** The file has changes that are in no commit. */
	readonly dirty: boolean;
}

const maxPlaces = 6;

export class RevertConflicts extends Failure {
	readonly kind = "revert_conflicts";

	constructor(
		/** The beginning of its hash. */
		readonly commit: string,
		readonly places: readonly ConflictPlace[],
	) {
		super();
	}

	explain(): Explanation {
		const { commit, places } = this;
		const more = places.length > maxPlaces ? ` and ${places.length - maxPlaces} more files` : "";
		return {
			problem: `The change of ${commit} cannot be undone cleanly, since what it changed was changed again: ${places.slice(0, maxPlaces).map(placeWords).join("; ")}${more}. No patch was made.`,
			next: "Undo it with edits: show_commit shows the change, search_codebase the lines as they are now.",
		};
	}
}

function placeWords({ path, kind, lines, since, dirty }: ConflictPlace): string {
	const ranges = lines.slice(0, 4).map(({ from, to }) => (to > from ? `${from}-${to}` : `${from}`));
	const rest = lines.length > 4 ? ", …" : "";
	const where = ranges.length === 0 ? ` (${kind})` : `:${ranges.join(", ")}${rest}`;
	const by = since
		.slice(0, 2)
		.map(({ commit, subject }) => `${commit} ${quoteUntrusted(maskSecrets(subject), 60)}`);
	const reasons = [
		...(by.length > 0 ? [`since then ${by.join(", ")}`] : []),
		...(dirty ? ["changes in no commit"] : []),
	];
	return `${quoteUntrusted(path, 120)}${where}${reasons.length === 0 ? "" : ` (${reasons.join("; ")})`}`;
}
