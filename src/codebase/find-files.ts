// Finds files by their names.

import type { Git, RepositoryRoot } from "../system/index.ts";
import { InvalidArgument } from "../text/index.ts";
import { ignoredAmong, scopeOf, trackedThoughIgnored } from "./find/confine.ts";
import { isOfType } from "./find/file-type.ts";
import { compileGlob } from "./find/glob.ts";
import { listFiles } from "./find/list-files.ts";
import { filesNamed, nearestPath } from "./find/names.ts";
import { findNested } from "./find/nested.ts";
import { type FileKind, fileKind } from "./find/paths.ts";
import { patternOf, resolveRequest, type SearchRequest, writeSearchCursor } from "./find/request.ts";

export interface FilesFound {
	readonly pattern: string;
	/** Best first. */
	readonly files: readonly { readonly path: string; readonly kind: FileKind }[];
	readonly total: number;
	readonly nextCursor: string | undefined;
	/** The most alike, where none fits. */
	readonly near: string | undefined;
	/** Nested repositories (work trees, submodules, clones) whose files are left out. */
	readonly leftOut: readonly string[];
	/** Not all files were looked at. */
	readonly isCut: boolean;
}

const defaultLimit = 30;

/** Whether files are searched for by name, by the request or by its cursor. */
export function asksForFiles(request: SearchRequest): boolean {
	return (request.mode ?? resolveRequest(request).asked.mode) === "file";
}

/** @throws {InvalidArgument} {PathRefused} {PathMissing} {PathIgnored} {PathHidden} */
export async function findFiles(
	root: RepositoryRoot,
	git: Git,
	request: SearchRequest,
	mayShow: (file: string) => boolean,
	signal: AbortSignal,
): Promise<FilesFound> {
	const { asked, after } = resolveRequest(request);
	if (asked.errorCode !== undefined) {
		throw new InvalidArgument("mode", "file is for query.", "Give a part of the file's name as query.");
	}
	const pattern = patternOf(asked);
	const scope = await scopeOf(root, git, asked.path, mayShow, signal);
	const inGlob = asked.glob === undefined ? () => true : compileGlob(asked.glob);
	const accepts = (file: string) => mayShow(file) && scope.holds(file) && inGlob(file);
	const [{ files: walked, isCut }, tracked] = await Promise.all([
		listFiles({ root, path: scope.start, type: asked.type, accepts, signal }),
		trackedThoughIgnored(git, signal),
	]);
	const { type } = asked;
	const also = tracked.filter((file) => accepts(file) && (type === undefined || isOfType(file, type)));
	const all = [...new Set([...walked, ...also])].sort();
	const nestedOf = findNested(root);
	const isOwn = (file: string) => [undefined, scope.nested].includes(nestedOf(file));
	const files = all.filter(isOwn);
	const named = filesNamed(pattern, files);
	const elsewhere = filesNamed(
		pattern,
		all.filter((file) => !isOwn(file)),
	);
	const { limit = defaultLimit } = request;
	const left =
		after === undefined
			? named
			: named.filter(
					({ bucket, path }) => bucket > after.bucket || (bucket === after.bucket && path > after.path),
				);
	const page = left.slice(0, limit);
	const ignored = await ignoredAmong(
		git,
		page.map(({ path }) => path),
		signal,
	);
	const last = page.at(-1);
	return {
		pattern,
		files: page
			.filter(({ path }) => ignored?.has(path) !== true)
			.map(({ path }) => ({ path, kind: fileKind(path) })),
		total: named.length,
		nextCursor:
			last === undefined || left.length <= page.length
				? undefined
				: writeSearchCursor(asked, { ...last, line: 0 }),
		leftOut: [...new Set(elsewhere.flatMap(({ path }) => nestedOf(path) ?? []))],
		near: named.length === 0 ? nearestPath(pattern, files) : undefined,
		isCut,
	};
}
