// Finds files by name: those that a query fits, and the one that a missing path most likely means.

import { posix } from "node:path";
import { nearest } from "../../text/index.ts";
import { compileGlob } from "./glob.ts";
import { fileKind, fileKinds } from "./paths.ts";

/** How well a name fits; the first is best. */
const fits = ["name", "stem", "part_of_name", "part_of_path", "loose"] as const;
type Fit = (typeof fits)[number];

export interface NamedFile {
	readonly path: string;
	/** A smaller number comes first. */
	readonly bucket: number;
}

/**
 * The files that a query fits, best first: a glob, else a part of the path in any letter case; `dayRange` fits
 * `day-range.ts` too.
 *
 * @throws {InvalidArgument} for a glob that cannot be read
 */
export function filesNamed(query: string, files: readonly string[]): readonly NamedFile[] {
	const fitOf = /[*?{[]/.test(query) ? byGlob(query) : byPart(query);
	return files
		.flatMap((path) => {
			const fit = fitOf(path);
			if (fit === undefined) return [];
			return [{ path, bucket: fits.indexOf(fit) * fileKinds.length + fileKinds.indexOf(fileKind(path)) }];
		})
		.sort((one, other) => one.bucket - other.bucket || (one.path < other.path ? -1 : 1));
}

function byGlob(query: string): (path: string) => Fit | undefined {
	const matches = compileGlob(query);
	return (path) => (matches(path) ? "name" : undefined);
}

function byPart(query: string): (path: string) => Fit | undefined {
	const wanted = query.toLowerCase().replace(/^\.?\//, "");
	const loose = plain(query);
	return (path) => {
		const whole = path.toLowerCase();
		const name = posix.basename(whole);
		if (name === wanted || whole === wanted) return "name";
		if (stemOf(name) === wanted) return "stem";
		if (name.includes(wanted)) return "part_of_name";
		if (whole.includes(wanted)) return "part_of_path";
		return loose.length > 2 && plain(path).includes(loose) ? "loose" : undefined;
	};
}

/**
 * The file or folder that a path which is not there most likely means: the same name elsewhere, in other letters, with
 * another ending, or nearly the same.
 */
export function nearestPath(wanted: string, files: readonly string[]): string | undefined {
	const path = wanted.replace(/^\.?\/|\/$/g, "");
	const known = [...files, ...foldersOf(files)];
	const tail = bestBy(known, (one) => sharedTail(one, path));
	if (tail !== undefined) return tail;
	const stem = plain(stemOf(posix.basename(path)));
	const alike = known.filter((one) => stem !== "" && plain(stemOf(posix.basename(one))) === stem);
	const [first] = [...alike].sort((one, other) => sharedHead(other, path) - sharedHead(one, path));
	if (first !== undefined) return first;
	const folder = posix.dirname(path);
	const beside = known.filter((one) => posix.dirname(one) === folder);
	for (const some of [beside, known]) {
		const name = nearest(posix.basename(path), [...new Set(some.map((one) => posix.basename(one)))]);
		const near = some.find((one) => posix.basename(one) === name);
		if (near !== undefined) return near;
	}
	return undefined;
}

function bestBy(paths: readonly string[], score: (path: string) => number): string | undefined {
	let best: { readonly path: string; readonly score: number } | undefined;
	for (const path of paths) {
		const here = score(path);
		if (here > (best?.score ?? 0)) best = { path, score: here };
	}
	return best?.path;
}

/** How many of the last parts are the same, letter case aside. */
function sharedTail(one: string, other: string): number {
	return shared(one.toLowerCase().split("/").reverse(), other.toLowerCase().split("/").reverse());
}

function sharedHead(one: string, other: string): number {
	return shared(one.split("/"), other.split("/"));
}

function shared(one: readonly string[], other: readonly string[]): number {
	const end = one.findIndex((part, index) => part !== other[index]);
	return end < 0 ? one.length : end;
}

function foldersOf(files: readonly string[]): readonly string[] {
	const folders = new Set<string>();
	for (const file of files) {
		for (let folder = posix.dirname(file); folder !== "."; folder = posix.dirname(folder)) {
			if (folders.has(folder)) break;
			folders.add(folder);
		}
	}
	return [...folders];
}

function stemOf(name: string): string {
	return name.replace(/(?<=.)\.\w{1,10}$/, "");
}

function plain(text: string): string {
	return text.toLowerCase().replace(/[\s_-]/g, "");
}
