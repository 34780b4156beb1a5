// Whether the code lines and commits that an agent names are in the repository.

import type { Services } from "../services.ts";
import { describeError, Failure } from "../text/index.ts";
import type { IssueRequest } from "./request.ts";

/** Commits that are looked up of one issue. */
const maxCommits = 5;
/** `path:12` or `path:12-20`. */
const place = /^(.+?):(\d{1,7}(?:-\d{1,7})?)$/;
/** A hash where the words say that it is one: ids of users and sessions are hexadecimal too. */
const named = /\b(?:commits?|reverts?|reverted|hash|sha)[\s:`(]+([0-9a-f]{7,40})\b/gi;

/** What an issue names that is not there, a sentence each; nothing where no repository is set. */
export async function missingPlaces(
	{ codebase, config }: Pick<Services, "codebase" | "config">,
	issue: IssueRequest,
	signal: AbortSignal,
): Promise<readonly string[]> {
	if (config.repository === undefined) return [];
	const { location } = issue;
	const texts = [issue.title, issue.root_cause, ...(issue.evidence ?? []), issue.proposed_fix];
	const commits = new Set(
		texts.flatMap((text) => [...(text ?? "").matchAll(named)].map(([, hash = ""]) => hash.toLowerCase())),
	);
	const missing = async (what: string, look: () => Promise<unknown>): Promise<readonly string[]> => {
		try {
			await look();
			return [];
		} catch (error) {
			if (!(error instanceof Failure) || signal.aborted) throw error;
			return isAbsent(error)
				? [`NOT IN THE REPOSITORY: ${what}. ${describeError(error) ?? ""}`.trimEnd()]
				: [];
		}
	};
	const found = await Promise.all([
		...(location === undefined ? [] : [missing(location, () => readPlace(codebase(), location, signal))]),
		...[...commits]
			.slice(0, maxCommits)
			.map((hash) => missing(`commit ${hash}`, () => codebase().commit(hash, signal))),
	]);
	return found.flat();
}

/** Another failure says nothing of the place: git may be missing, a file may be hidden. */
function isAbsent({ kind }: Failure): boolean {
	return kind === "invalid_argument" || kind === "path_missing" || kind === "commit_unknown";
}

function readPlace(
	codebase: ReturnType<Services["codebase"]>,
	location: string,
	signal: AbortSignal,
): Promise<unknown> {
	const [, path = location, lines = "1"] = place.exec(location.trim()) ?? [];
	return codebase.readLines({ path, lines, history: false }, signal);
}
