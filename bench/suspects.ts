// Measures suspect_commits on planted incidents: `npx tsx bench/suspects.ts [incidents a source] [first seed] [repository …]`.

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generatedStory } from "./suspects-generated.ts";
import { calibrationOf, figureNames, figuresOf, type Judged, judge, table } from "./suspects-judge.ts";
import { plant } from "./suspects-plant.ts";
import { packageStory, repositoryStory, type Story } from "./suspects-stories.ts";
import { randomNumbers } from "./world-random.ts";

/** Nothing of these was used to fit the weights. */
export const heldOut: ReadonlySet<string> = new Set(["mongodb", "axios"]);

const modules = join(import.meta.dirname, "node_modules");
const packages: Readonly<Record<string, RegExp>> = {
	undici: /^(?:lib\/.*|index)\.js$/,
	fastify: /^(?:lib\/.*|fastify)\.js$/,
	nodemailer: /^lib\/.*\.js$/,
	axios: /^(?:lib\/.*|index)\.js$/,
	mongodb: /^src\/.*\.ts$/,
};

export function stories(repositories: readonly string[], only?: readonly string[]): readonly Story[] {
	if (repositories.length > 0) return repositories.map((root) => repositoryStory(root, root, 500));
	const isWanted = (name: string) => only === undefined || only.includes(name);
	const made = Object.entries(packages).flatMap(([name, keep], index) => {
		const folders = [1, 2, 3, 4].map((number) => join(modules, `${name}-${number}`));
		if (!isWanted(name) || !folders.every((folder) => existsSync(folder))) return [];
		return [packageStory(name, folders, (path) => keep.test(path), randomNumbers(7 + index))];
	});
	return [
		...(isWanted("this repository")
			? [repositoryStory("this repository", join(import.meta.dirname, ".."), 400)]
			: []),
		...["generated", "generated python"].flatMap((name, index) =>
			isWanted(name) ? [generatedStory(name, 200, randomNumbers(77 + index))] : [],
		),
		...made,
	];
}

/** So many seeds are tried for one incident: not every slice offers a place. */
const maxTries = 60;

export async function measure(story: Story, count: number, firstSeed: number): Promise<readonly Judged[]> {
	const folder = mkdtempSync(join(tmpdir(), "suspects-"));
	const judged: Judged[] = [];
	try {
		for (let seed = firstSeed; judged.length < count && seed < firstSeed + count * maxTries; seed += 1) {
			// Every fourth has no culprit: drawn by seed, they would be more, since each seed has a place for them.
			const incident = plant(story, seed, judged.length % 4 !== 3);
			if (incident !== undefined) judged.push(await judge(folder, incident));
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return judged;
}

function readJudged(file: string): readonly Judged[] {
	return JSON.parse(readFileSync(file, "utf8"));
}

function report(all: readonly Judged[]): void {
	const names = [...new Set(all.map(({ source }) => source))];
	const rows = names.map((name) => [
		heldOut.has(name) ? `${name} (held out)` : name,
		...figuresOf(all.filter(({ source }) => source === name)),
	]);
	const unseen = all.filter(({ source }) => heldOut.has(source));
	console.log(
		table([
			["source", ...figureNames],
			...rows,
			...(unseen.length === 0 ? [] : [["held out, together", ...figuresOf(unseen)]]),
			["all", ...figuresOf(all)],
		]),
	);
	const judged = unseen.length === 0 ? all : unseen;
	console.log(`\nCalibration of the first suspect${unseen.length === 0 ? "" : ", held out"}:`);
	console.log(table([["called", "incidents", "mean called", "right"], ...calibrationOf(judged)]));
	const hows = [...new Set(all.map(({ how }) => how.replace(/^.* /, "steps ")))].sort();
	console.log("\nBy steps from the culprit to the raising line:");
	console.log(
		table([
			["culprit", ...figureNames],
			...hows.map((how) => [
				how,
				...figuresOf(all.filter((one) => one.how.replace(/^.* /, "steps ") === how)),
			]),
		]),
	);
	const times = all.map(({ milliseconds }) => milliseconds).sort((one, other) => one - other);
	const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(0);
	console.log(`\nFirst answer: median ${at(0.5)} ms, 95 % ${at(0.95)} ms.`);
}

if (process.argv[1] === import.meta.filename) {
	const [count = "60", seed = "1", ...rest] = process.argv.slice(2);
	const output = process.env.SUSPECTS_OUT;
	const only = process.env.SUSPECTS_ONLY?.split(",");
	// Sources can be measured by several processes, and reported together.
	const all: Judged[] = (process.env.SUSPECTS_IN?.split(",") ?? []).flatMap((file) => readJudged(file));
	for (const story of all.length > 0 ? [] : stories(rest, only)) {
		const judged = await measure(story, Number(count), Number(seed));
		console.error(`${story.name}: ${story.commits.length} commits, ${judged.length} incidents`);
		all.push(...judged);
	}
	if (output !== undefined) writeFileSync(output, JSON.stringify(all));
	report(all);
}
