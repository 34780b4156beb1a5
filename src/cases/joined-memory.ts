// The cases of several repositories as one memory: each is kept with the repository that it belongs to.

import type { Case } from "./case.ts";
import { patchesOf, type Report, type Verification } from "./changes.ts";
import { type Fingerprint, isSame } from "./fingerprint.ts";
import { changedAt, type Memory, type Remembered } from "./memory.ts";

/** What tools ask of the cases that are kept. */
export type CaseMemory = Pick<
	Memory,
	"all" | "take" | "report" | "propose" | "verify" | "mute" | "unmute" | "forget" | "checkedLocation"
>;

/** The memory of one repository among several. */
export interface NamedMemory {
	readonly repo: string;
	readonly memory: Memory;
}

interface Holding extends NamedMemory {
	readonly cases: readonly Case[];
}

/** Locations are led by the repository's name, as in `web:src/app.ts:12`. */
export class JoinedMemory implements CaseMemory {
	constructor(private readonly memories: readonly [NamedMemory, ...NamedMemory[]]) {}

	async all(): Promise<readonly Case[]> {
		const all = (await this.#holding()).flatMap(({ repo, cases }) => cases.map((one) => placed(one, repo)));
		return all.sort((one, other) => changedAt(other) - changedAt(one) || (one.id < other.id ? -1 : 1));
	}

	/** Kept where its patch is, else where its location is, else where the same trouble is, else in the first. */
	async report(trouble: Fingerprint, report: Report): Promise<Remembered> {
		const { repo, path } = this.#placeOf(report.location);
		const all = await this.#holding();
		const chosen =
			holder(all, ({ patch }) => patch !== undefined && patch === report.patch) ??
			all.find((one) => one.repo === repo) ??
			all.find(({ cases }) => cases.some((one) => isSame(one.trouble, trouble))) ??
			this.memories[0];
		// A location of another repository is not one of this.
		const location = repo === chosen.repo ? path : undefined;
		const { before, after } = await chosen.memory.report(trouble, { ...report, location });
		return { before: before && placed(before, chosen.repo), after: placed(after, chosen.repo) };
	}

	/** Into the first: who shares a file says which repository each is of. */
	take(shared: Parameters<Memory["take"]>[0]): ReturnType<Memory["take"]> {
		return this.memories[0].memory.take(shared);
	}

	async propose(code: string, patch: string, at: number): Promise<void> {
		await this.memories[0].memory.propose(code, patch, at);
	}

	/** Kept where the fix is, else where the same trouble is, else in the first. */
	async verify(
		of: Pick<Fingerprint, "of" | "name">,
		trouble: Fingerprint | undefined,
		verification: Verification,
	): Promise<Remembered | undefined> {
		const all = await this.#holding();
		const { patch, commit } = verification;
		const chosen =
			holder(
				all,
				(fix) =>
					(patch !== undefined && fix.patch === patch) || (commit !== undefined && fix.commit === commit),
			) ??
			all.find(({ cases }) => trouble !== undefined && cases.some((one) => isSame(one.trouble, trouble))) ??
			this.memories[0];
		return chosen.memory.verify(of, trouble, verification);
	}

	mute(id: string, at: number): Promise<Case | undefined> {
		return this.#each((memory) => memory.mute(id, at));
	}

	unmute(id: string, at: number): Promise<Case | undefined> {
		return this.#each((memory) => memory.unmute(id, at));
	}

	async forget(id: string): Promise<void> {
		for (const { memory } of this.memories) await memory.forget(id);
	}

	/** Of the repository that it names, else of the only one that has such a file. */
	async checkedLocation(given: string | undefined): Promise<string | undefined> {
		const { repo, path } = this.#placeOf(given);
		const asked = this.memories.filter((one) => repo === undefined || one.repo === repo);
		const found = await Promise.all(
			asked.map(async (one) => ({ repo: one.repo, location: await one.memory.checkedLocation(path) })),
		);
		const [first, ...others] = found.filter(({ location }) => location !== undefined);
		if (first?.location === undefined || others.length > 0) return undefined;
		return `${first.repo}:${first.location}`;
	}

	#holding(): Promise<readonly Holding[]> {
		return Promise.all(
			this.memories.map(async ({ repo, memory }) => ({ repo, memory, cases: await memory.all() })),
		);
	}

	async #each(act: (memory: Memory) => Promise<Case | undefined>): Promise<Case | undefined> {
		let last: Case | undefined;
		for (const { repo, memory } of this.memories) {
			const changed = await act(memory);
			if (changed !== undefined) last = placed(changed, repo);
		}
		return last;
	}

	#placeOf(location: string | undefined): { readonly repo?: string; readonly path: string | undefined } {
		const named = this.memories.find(({ repo }) => location?.startsWith(`${repo}:`));
		if (named === undefined) return { path: location };
		return { repo: named.repo, path: location?.slice(named.repo.length + 1) };
	}
}

function placed(one: Case, repo: string): Case {
	return one.location === undefined ? one : { ...one, location: `${repo}:${one.location}` };
}

function holder(
	all: readonly Holding[],
	isFix: (fix: { readonly patch?: string | undefined; readonly commit?: string | undefined }) => boolean,
): Holding | undefined {
	return all.find(({ cases }) =>
		cases.some(
			(one) => patchesOf(one).some((patch) => isFix({ patch })) || isFix({ commit: one.fix?.commit }),
		),
	);
}
