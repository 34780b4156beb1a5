// Reads the files of a page's matches, and determines what each match is.

import type { Git, RepositoryRoot } from "../../system/index.ts";
import { annotate } from "../syntax/annotate.ts";
import { ignoredAmong } from "./confine.ts";
import { placesOf } from "./hits.ts";
import type { Ordered } from "./order.ts";
import type { PageMatch } from "./page.ts";
import { lineAt, type MatchPosition, readSource, type Source } from "./source.ts";

/** Reads each file at most once per search. */
export type Sources = (path: string) => Promise<Source | undefined>;

export function createSources(root: RepositoryRoot): Sources {
	const known = new Map<string, Promise<Source | undefined>>();
	return (path) => {
		const reading = known.get(path) ?? readSource(root, path);
		known.set(path, reading);
		return reading;
	};
}

/**
 * The matches of a page that may be shown, with their files' text and their notes.
 *
 * @param page where its matches have no notes yet, they are made here
 */
export async function readPage(
	page: readonly Ordered[],
	sources: Sources,
	git: Git | undefined,
	signal: AbortSignal,
): Promise<readonly PageMatch[]> {
	const paths = [...new Set(page.map(({ path }) => path))];
	const isAnnotated = page.every(({ note }) => note !== undefined);
	const [annotated, ignored] = await Promise.all([
		isAnnotated ? page : annotatePage(page, sources, signal),
		git === undefined ? undefined : ignoredAmong(git, paths, signal),
	]);
	return withSources(
		annotated.filter(({ path }) => ignored?.has(path) !== true),
		sources,
	);
}

/** Only files that are shown are parsed. */
async function annotatePage(
	page: readonly Ordered[],
	sources: Sources,
	signal: AbortSignal,
): Promise<readonly Ordered[]> {
	const done = new Map<Ordered, Ordered>();
	const files = new Set(page.map((match) => match.file));
	await Promise.all([...files].map(({ path }) => sources(path)));
	for (const file of files) {
		signal.throwIfAborted();
		const source = await sources(file.path);
		if (source === undefined) continue;
		const here = page.filter((match) => match.file === file);
		const all = placesOf(file);
		const places = here.flatMap(({ index }) => all[index] ?? []);
		const isCapitals = places.every(({ matched }) => /^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$/.test(matched));
		const notes = await annotate(source, file.kind, places, { kind: isCapitals ? "capitals" : "symbol" });
		here.forEach((match, index) => {
			const note = notes[index];
			if (note !== undefined) done.set(match, { ...match, note });
		});
	}
	return page.flatMap((match) => done.get(match) ?? []);
}

/** Leaves out matches whose file can no longer be read or has changed. */
async function withSources(page: readonly Ordered[], sources: Sources): Promise<readonly PageMatch[]> {
	const matches: PageMatch[] = [];
	for (const { file, index, note, via, path } of page) {
		const source = await sources(path);
		if (source === undefined || note === undefined || !isStillThere(source, placesOf(file)[index])) continue;
		matches.push({ file, index, source, note, via });
	}
	return matches;
}

/** Whether the line that ripgrep saw is the one that was read: a file may change in between. */
function isStillThere(source: Source, place: MatchPosition | undefined): boolean {
	if (place === undefined) return false;
	const { line, matched } = place;
	// Bytes that are not text are decoded by both in their own way.
	return matched.includes("\uFFFD") || lineAt(source, line).includes(matched.replace(/\r$/, ""));
}
