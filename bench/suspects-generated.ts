// A made-up code base of services and skills, in TypeScript and Python, with a history of small changes.

import { apply, mutate, padded } from "./suspects-edits.ts";
import { functionsIn } from "./suspects-graph.ts";
import { pick, type Story, type StoryCommit, subjectFor } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

const areas = ["gmail", "greenhouse", "linkedin", "calendar", "offers", "ranking", "billing", "scrape"];
const nouns = [
	"Token",
	"Candidate",
	"Draft",
	"Profile",
	"Batch",
	"Letter",
	"Session",
	"Invite",
	"Score",
	"Page",
];
const verbs = ["load", "send", "refresh", "parse", "check", "merge", "build", "sync", "find", "store"];

export function generatedStory(name: string, commits: number, random: Random): Story {
	const isPython = name.includes("python");
	const base = new Map<string, string>([
		["package.json", '{\n  "name": "made-up",\n  "version": "1.0.0"\n}\n'],
	]);
	const known: string[] = [];
	for (const area of areas) {
		for (let part = 0; part < 4; part += 1) {
			const path = isPython ? `app/${area}/part_${part}.py` : `src/${area}/part-${part}.ts`;
			base.set(path, fileText(area, part, isPython, known, random));
		}
	}
	const changes: StoryCommit[] = [];
	let tree: ReadonlyMap<string, string> = base;
	while (changes.length < commits) {
		const path = pick([...tree.keys()], random);
		const text = tree.get(path) ?? "";
		const fns = functionsIn(path, text);
		if (fns.length === 0) continue;
		const edit = mutate(text, pick(fns, random), random);
		const next = edit === undefined ? undefined : apply(text, padded(edit, random));
		if (next === undefined) continue;
		changes.push({ subject: subjectFor(path, random), changes: new Map([[path, next]]) });
		tree = new Map([...tree, [path, next]]);
	}
	return { name, base, commits: changes };
}

function fileText(area: string, part: number, isPython: boolean, known: string[], random: Random): string {
	const lines: string[] = [];
	const prefix = area.charAt(0).toUpperCase() + area.slice(1);
	const limit = `${area.toUpperCase()}_LIMIT_${part}`;
	lines.push(
		isPython
			? `${limit} = ${10 + Math.floor(random() * 90)}`
			: `const ${limit} = ${10 + Math.floor(random() * 90)};`,
		"",
	);
	for (let index = 0; index < 6; index += 1) {
		const name = `${pick(verbs, random)}${prefix}${pick(nouns, random)}${part}${index}`;
		const called = known.length === 0 ? undefined : pick(known.slice(-14), random);
		const number = Math.floor(random() * 500);
		known.push(name);
		if (isPython) {
			lines.push(
				`def ${name}(item, options):`,
				`    count = item.size + ${number}`,
				`    if count > ${limit}:`,
				"        return None",
				...(called === undefined ? [] : [`    found = ${called}(item, options)`, "    item.note(found)"]),
				`    total = count * ${1 + (number % 7)}`,
				"    return total",
				"",
			);
			continue;
		}
		lines.push(
			`export async function ${name}(item, options) {`,
			`\tconst count = item.size + ${number};`,
			`\tif (count > ${limit}) return null;`,
			...(called === undefined
				? []
				: [`\tconst found = await ${called}(item, options);`, "\titem.note(found);"]),
			`\tconst total = count * ${1 + (number % 7)};`,
			`\tif (total === ${number} && options.strict) {`,
			"\t\titem.mark(total);",
			"\t}",
			"\treturn total;",
			"}",
			"",
		);
	}
	return lines.join("\n");
}
