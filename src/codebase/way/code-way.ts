// Finds the code's way to an error, two or three calls around the lines that raise it.

import type { RepositoryRoot } from "../../system/index.ts";
import { createSources } from "../find/read-page.ts";
import { importsOf } from "./imports.ts";
import { findSeeds } from "./seeds.ts";
import type { CodeWay, Spot, WayRequest } from "./types.ts";
import { maxSteps, takeStep, Walk } from "./walk.ts";
import type { Search } from "./walk-search.ts";

/** @param accepts which files are code that may be read */
export async function findWay(
	root: RepositoryRoot,
	request: WayRequest,
	accepts: (path: string) => boolean,
	signal: AbortSignal,
): Promise<CodeWay> {
	const search: Search = { root, sources: createSources(root), accepts, signal };
	const seeds = await findSeeds(search, request);
	const walk = new Walk(seeds.reached);
	let isCut = seeds.isCut;
	for (let step = 1; step <= maxSteps && walk.edge.length > 0; step += 1) {
		signal.throwIfAborted();
		isCut = (await takeStep(search, walk, step, request.part ?? {})) || isCut;
	}
	return {
		spots: [...seeds.spots, ...walk.spots],
		raising: seeds.raising,
		names: walk.names,
		packages: await packagesOf(search, [...seeds.spots, ...walk.spots]),
		mentioning: seeds.mentioning,
		isCut,
	};
}

async function packagesOf({ sources }: Search, spots: readonly Spot[]): Promise<ReadonlySet<string>> {
	const near = new Set(spots.filter(({ steps }) => steps <= 1).map(({ path }) => path));
	const packages = new Set<string>();
	for (const path of near) {
		const source = await sources(path);
		for (const name of source === undefined ? [] : importsOf(source.text)) {
			if (/^[@\w]/.test(name) && !name.startsWith("node:")) {
				packages.add(
					name
						.split("/")
						.slice(0, name.startsWith("@") ? 2 : 1)
						.join("/"),
				);
			}
		}
	}
	return packages;
}
