// `cases export` and `cases import`: what is remembered, shared as one file.

import { type CaseMemory, maxFileBytes, readCases, type Taken, writeCases } from "../cases/index.ts";
import type { Services } from "../services.ts";
import { readNamed, writeWhole } from "../system/index.ts";
import { visibleLine } from "../text/index.ts";

interface NamedMemory {
	readonly repo: string | undefined;
	readonly memory: CaseMemory;
}

/** @throws {FileNotWritten} */
export async function exportCases(services: Services, file: string): Promise<void> {
	const all = await Promise.all(
		memoriesOf(services).map(async ({ repo, memory }) =>
			(await memory.all()).map((one) => ({ one, ...(repo === undefined ? {} : { repo }) })),
		),
	);
	const { text, count } = writeCases(all.flat(), hostOf(services), nowOf(services));
	const path = await writeWhole(file, text);
	process.stdout.write(`wrote ${count} ${count === 1 ? "case" : "cases"} to ${visibleLine(path)}\n`);
}

/** Each goes to the repository of its name; where there is none of that name, to the first. @throws {FileNotRead} {CasesRefused} {TooManyCases} */
export async function importCases(services: Services, file: string): Promise<void> {
	const shared = readCases(await readNamed(file, maxFileBytes), hostOf(services), nowOf(services));
	const memories = memoriesOf(services);
	const total: { -readonly [Key in keyof Taken]: number } = { added: 0, joined: 0, known: 0 };
	for (const [index, { repo, memory }] of memories.entries()) {
		const own = shared.filter((one) =>
			index === 0
				? one.repo === repo || !memories.some((other) => other.repo === one.repo)
				: one.repo === repo,
		);
		const { added, joined, known } = await memory.take(own);
		total.added += added;
		total.joined += joined;
		total.known += known;
	}
	const { added, joined, known } = total;
	process.stdout.write(
		`imported from ${visibleLine(file)}: ${added} new, ${joined} joined to known ones, ${known} with nothing new\n`,
	);
}

function memoriesOf(services: Services): readonly NamedMemory[] {
	const names = services.repositories;
	if (names.length === 0) return [{ repo: undefined, memory: services.memory() }];
	return names.map((repo) => ({ repo, memory: services.inRepository(repo).memory() }));
}

function hostOf({ config }: Services): string {
	return new URL(config.apiUrl).host;
}

function nowOf({ clock }: Services): number {
	return Math.floor(clock.now() / 1000);
}
