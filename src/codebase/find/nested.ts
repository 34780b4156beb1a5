// Repositories inside the repository: linked work trees, submodules, clones.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import type { RepositoryRoot } from "../../system/index.ts";

/** The nested repository that holds a path, below the root; undefined for a path of the repository's own. */
export type NestedOf = (path: string) => string | undefined;

/** Known by their `.git`, a folder or a file. Each folder is looked at once. */
export function findNested(root: RepositoryRoot): NestedOf {
	const known = new Map<string, string | undefined>([[".", undefined]]);
	const holding = (folder: string): string | undefined => {
		if (known.has(folder)) return known.get(folder);
		const above = holding(dirname(folder));
		const found = existsSync(join(root, folder, ".git")) ? folder : above;
		known.set(folder, found);
		return found;
	};
	return (path) => holding(dirname(path.replace(/^\/+/, "")));
}
