// The answer of one search over several repositories: a part for each that has something, in one answer's size.

import PQueue from "p-queue";
import type { Services } from "../services.ts";
import {
	describeError,
	Failure,
	InvalidArgument,
	joined,
	quoteUntrusted,
	type SafeText,
	safeText,
	secretsOnly,
} from "../text/index.ts";

/** A search of one repository, before it is put into words. */
export interface OneSearch {
	readonly isEmpty: boolean;
	/** @param share of an answer's size, 0 to 1 */
	readonly render: (share: number) => SafeText;
}

type SearchIn = (services: Services, repo: string | undefined, path?: string) => Promise<OneSearch>;

/** Each runs ripgrep and git. */
const atOnce = 2;
/** Of a part's share: its heading. */
const headingShare = 0.01;

/**
 * @param path as the call gives it; it may begin with a repository's name as if that were a folder
 * @throws {Failure} where it fails in every repository
 */
export async function searchRepositories(
	services: Services,
	path: string | undefined,
	search: SearchIn,
): Promise<SafeText> {
	const names = services.repositories;
	if (names.length === 0) return (await search(services, undefined, path)).render(1);
	const queue = new PQueue({ concurrency: atOnce });
	const parts = await queue.addAll(
		names.map((repo) => async () => {
			try {
				return { repo, found: await search(services.inRepository(repo), repo, path) };
			} catch (failure) {
				if (failure instanceof Failure) return { repo, failure };
				throw failure;
			}
		}),
	);
	const found = parts.flatMap(({ repo, found }) => (found === undefined ? [] : [{ repo, found }]));
	const [first] = parts;
	if (found.length === 0 && first?.failure !== undefined) {
		const [, lead = "", rest] = /^([^/]+)\/(.+)$/s.exec(path ?? "") ?? [];
		if (rest === undefined || !names.includes(lead)) throw first.failure;
		return (await search(services.inRepository(lead), lead, rest)).render(1);
	}
	const full = found.filter((one) => !one.found.isEmpty);
	const empty = found.filter((one) => one.found.isEmpty).map(({ repo }) => repo);
	const failed = parts.flatMap(({ repo, failure }) =>
		failure === undefined ? [] : [`In ${repo}: ${describeError(failure) ?? "it failed."}`],
	);
	const head =
		full.length === 0
			? `Searched ${names.join(", ")} (repo chooses one): nothing in any.`
			: [
					`Searched ${names.join(", ")}; repo chooses one.`,
					...(empty.length === 0 ? [] : [`Nothing in ${empty.join(", ")}.`]),
				].join(" ");
	const shown = full.length === 0 ? found.slice(0, 1) : full;
	const share = 1 / shown.length - headingShare;
	return joined(
		[
			safeText([head, ...failed].join(" "), secretsOnly),
			...shown.flatMap(({ repo, found: one }) => [
				safeText(`# repo ${repo}`, secretsOnly),
				one.render(share),
			]),
		],
		"\n",
	);
}

/**
 * Searches the folder that the host names first, and the whole repository where it has nothing there.
 *
 * @param asked where the call itself says where, the folder does not count; a cursor goes on where its page was
 */
export async function searchScope(
	{ scope }: Services,
	asked: { readonly path: string | undefined; readonly cursor: string | undefined },
	search: (path: string | undefined) => Promise<OneSearch>,
): Promise<OneSearch> {
	if (scope === undefined || asked.path !== undefined) return search(undefined);
	if (asked.cursor !== undefined) {
		return search(scope).catch((error: unknown) => {
			if (error instanceof InvalidArgument) return search(undefined);
			throw error;
		});
	}
	const folder = quoteUntrusted(scope, 200);
	const within = await search(scope).catch((error: unknown) => {
		// git may ignore the folder.
		if (error instanceof Failure) return undefined;
		throw error;
	});
	if (within !== undefined && !within.isEmpty)
		return noted(
			within,
			`Searched ${folder}, the folder that the host names; path "." searches the whole repository.`,
		);
	return noted(
		await search(undefined),
		`Nothing in ${folder}, the folder that the host names: the whole repository was searched.`,
	);
}

function noted({ isEmpty, render }: OneSearch, note: string): OneSearch {
	return { isEmpty, render: (share) => joined([safeText(note, secretsOnly), render(share)], "\n") };
}
