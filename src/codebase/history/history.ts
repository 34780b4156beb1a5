// What all readings of git's history share.

/** Options that keep `git log` from running what a repository's configuration or attributes name. */
export const plainDiff = ["--no-ext-diff", "--no-textconv", "--no-color", "--no-renames"] as const;

/** Epoch seconds as ISO 8601 UTC. */
export function instant(seconds: string): string {
	return `${new Date(Number(seconds) * 1000).toISOString().slice(0, 19)}Z`;
}
