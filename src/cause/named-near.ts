// How a commit is near the way without a line of it: by a name that it sets, a setting or a package's version.

import type { CodeWay, FileChange, Hunk } from "../codebase/index.ts";
import { oncePer } from "../system/index.ts";
import { isRemark, natureOf, roleOfFile } from "./lines.ts";

/** A name of the way that a commit sets or removes. */
export interface NameSet {
	readonly name: string;
	readonly path: string;
	/** From the function that raises. */
	readonly steps: number;
	/** It only has another value than before. */
	readonly isValue: boolean;
}

interface Named {
	readonly sets: NameSet | undefined;
	readonly dependency: string | undefined;
}

const assignment =
	/^\s*(?:(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:const|let|var|function\*?|class|def|func|static|readonly)\s+)*["']?([A-Za-z_$][\w$]{2,80})["']?\s*(?:[:=(]|$)/;

/** How a commit is near the way by what it sets, where it changes no line of it. */
export function namedNear(files: readonly FileChange[], way: CodeWay): Named {
	const dependency = changedDependency(files, way.packages);
	return { sets: setName(files, way), dependency: dependency === "" ? undefined : dependency };
}

/** A removed or set name that the way's functions use. */
export function setName(files: readonly FileChange[], { names }: CodeWay): NameSet | undefined {
	const found = files.flatMap(({ path, hunks }) =>
		hunks.flatMap((hunk) => {
			const { before, after } = namesSet(hunk);
			const isSetting = natureOf(hunk).setting;
			return [...before, ...after].flatMap((name): readonly NameSet[] => {
				const steps = names.get(name);
				if (steps === undefined || steps > 2) return [];
				return [{ name, path, steps, isValue: isSetting && before.has(name) && after.has(name) }];
			});
		}),
	);
	return found.sort(
		(one, other) => Number(other.isValue) - Number(one.isValue) || one.steps - other.steps,
	)[0];
}

const namesSet = oncePer(({ removed, added }: Hunk) => {
	const of = (lines: readonly string[]): ReadonlySet<string> =>
		new Set(lines.flatMap((line) => (isRemark(line) ? [] : (assignment.exec(line)?.[1] ?? []))));
	return { before: of(removed), after: of(added) };
});

const dependencyLine = /^\s*["']?(@?[\w./-]{1,100})["']?\s*(?::|==|>=|~=|\s)\s*["']?[v^~>=<]*\d/;

/** A package whose version changed that the way imports; "" for another one. */
export function changedDependency(
	files: readonly FileChange[],
	packages: ReadonlySet<string>,
): string | undefined {
	let any: "" | undefined;
	for (const { path, hunks } of files) {
		if (roleOfFile(path) !== "dependencies") continue;
		for (const { removed, added } of hunks) {
			for (const line of [...removed, ...added]) {
				const name = dependencyLine.exec(line)?.[1];
				if (name === undefined || name === "version" || name === "node" || name === "npm") continue;
				if (packages.has(name)) return name;
				any = "";
			}
		}
	}
	return any;
}

export const onlySettings = oncePer((files: readonly FileChange[]): boolean => {
	const told = files.filter(({ path }) => roleOfFile(path) !== "lock");
	if (told.length === 0 || told.length > 3) return false;
	return told.every(
		({ path, hunks }) =>
			hunks.length > 0 &&
			hunks.length <= 4 &&
			/^(?:settings|dependencies|code|other)$/.test(roleOfFile(path)) &&
			hunks.every((hunk) => natureOf(hunk).setting),
	);
});
