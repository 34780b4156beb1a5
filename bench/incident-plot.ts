// What an incident is made of: files and commits of its own, rows of its own, and the key to check answers by.

import type { Files } from "./incident-base.ts";
import { companyOf, peopleOf } from "./incident-domain.ts";
import type { Planned } from "./incident-history.ts";
import { climateOf, productionDays, type Rows, type Scene } from "./incident-production.ts";
import { pick } from "./suspects-stories.ts";
import { logUniform, type Random, randomNumbers } from "./world-random.ts";

export interface Place {
	readonly path: string;
	/** Stands once in the file. */
	readonly text: string;
}

export interface Key {
	/** Of the failing code; undefined where runs of a skill fail without one. */
	readonly code?: string;
	readonly skill?: string;
	/** The part of an old code that is new. */
	readonly where?: {
		readonly dimension: "provider" | "skill" | "organization" | "action";
		readonly value: string;
	};
	/** Epoch seconds. */
	readonly onset: number;
	readonly until?: number;
	readonly raising?: Place;
	/** The faulty line as the guilty commit (or the origin) wrote it, and what it should be. */
	readonly fault?: Place & { readonly fix: string };
	/** No commit did it. */
	readonly isNobody?: true;
	/** The faulty line is the origin's; the guilty commit only switches it on. */
	readonly isDormant?: true;
}

export interface Plot {
	readonly files: Files;
	/** Codes that the repository knows beside the everyday ones. */
	readonly codes: readonly string[];
	readonly commits: readonly Planned[];
	readonly rows: Rows;
	readonly key: Key;
	/** What the first question is asked with. */
	readonly ask?: Readonly<Record<string, unknown>>;
}

export type PlotMaker = (stage: Stage) => Plot;

/** What a plot may draw from. */
export interface Stage extends Scene {
	/** When it begins, epoch seconds: in the last 3 to 16 hours. */
	readonly onset: number;
	/** Seconds from the guilty commit to the onset: minutes to two days. */
	readonly lag: number;
	/** So many people, drawn without repeating. */
	some(count: number): readonly Scene["people"][number][];
}

const hour = 3600;

/** @param kind kinds of one seed differ in all else too */
export function stageOf(kind: string, seed: number): Stage {
	const mixed = [...kind].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, seed);
	const random = randomNumbers(mixed * 1000 + seed);
	const company = companyOf(mixed, random);
	const { organizations, people } = peopleOf(company, random);
	const now = 1_795_000_000 + Math.floor(random() * 40 * 24) * hour + Math.floor(random() * hour);
	return {
		company,
		organizations,
		people,
		now,
		from: now - productionDays * 24 * hour,
		climate: climateOf(random),
		random,
		onset: now - Math.floor((3 + 13 * random()) * hour),
		lag: Math.floor(logUniform(0.2, 40, random) * hour),
		some: (count) => drawn(people, count, random),
	};
}

function drawn<T>(items: readonly T[], count: number, random: Random): readonly T[] {
	const found = new Set<T>();
	while (found.size < Math.min(count, items.length)) found.add(pick(items, random));
	return [...found];
}
