// Finds which of several repositories has the commit or the patch that a call names.

import { CommitUnknown } from "../codebase/index.ts";
import { PatchUnknown } from "../patch/index.ts";
import type { Services } from "../services.ts";
import { InvalidArgument } from "../text/index.ts";

/** What came of it, and the services of the repository that had it. */
export interface FoundIn<T> {
	readonly found: T;
	readonly services: Services;
	/** Where there are several. */
	readonly repo?: string;
}

/**
 * @param argument which argument names it
 * @throws what `read` throws; where no repository knows the commit or the patch, what the first throws
 */
export async function inWhichever<T>(
	services: Services,
	argument: string,
	read: (services: Services) => Promise<T>,
): Promise<FoundIn<T>> {
	const names = services.repositories;
	if (names.length === 0) return { found: await read(services), services };
	const all: (FoundIn<T> & { readonly repo: string })[] = [];
	let unknown: unknown;
	for (const repo of names) {
		const own = services.inRepository(repo);
		try {
			all.push({ repo, found: await read(own), services: own });
		} catch (error) {
			if (!(error instanceof CommitUnknown || error instanceof PatchUnknown)) throw error;
			unknown ??= error;
		}
	}
	const [first, ...others] = all;
	if (first === undefined) throw unknown;
	if (others.length === 0) return first;
	throw new InvalidArgument(
		argument,
		`${all.map(({ repo }) => repo).join(" and ")} each have it.`,
		`Give repo, such as ${first.repo}.`,
	);
}
