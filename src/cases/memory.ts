// The cases of one repository and one production, kept in the state folder.

import { createHash } from "node:crypto";
import { openConfined, Records, type RepositoryRoot } from "../system/index.ts";
import { type Explanation, Failure, maskPersonal, maskSecrets } from "../text/index.ts";
import { type Case, caseSchema } from "./case.ts";
import {
	joinedBy,
	muted,
	opened,
	patched,
	patchesOf,
	type Report,
	reported,
	unmuted,
	type Verification,
	verified,
} from "./changes.ts";
import type { SharedCase } from "./exchange.ts";
import { caseId, type Fingerprint, isSame } from "./fingerprint.ts";
import { beginning, withOthers } from "./others.ts";

const mostCases = 500;
const maxBytes = 128 * 1024;

export interface MemoryOptions {
	readonly stateFolder: string;
	readonly root: RepositoryRoot;
	/** Production's address: other productions have other cases. */
	readonly apiUrl: string;
	/** The environment's name, where its cases are kept under it. */
	readonly keptFor?: string | undefined;
}

/** A case before a change and after it. */
export interface Remembered {
	readonly before: Case | undefined;
	readonly after: Case;
}

/** How many of a file's cases were new here, joined one, or told nothing new. */
export interface Taken {
	readonly added: number;
	readonly joined: number;
	readonly known: number;
}

/** A file holds more new cases than there is room for: taking them would cost those that are kept. */
export class TooManyCases extends Failure {
	readonly kind = "too_many_cases";

	constructor(
		readonly cases: number,
		readonly room: number,
	) {
		super();
	}

	explain(): Explanation {
		return {
			problem: `The file was not imported: it holds ${this.cases} new cases, and there is room for ${this.room} (${mostCases} are kept).`,
			next: "Forget some with prod-debugger-mcp cases forget ID.",
		};
	}
}

type Cases = ReadonlyMap<string, Case>;

export class Memory {
	readonly #records: Records<Case>;
	readonly #root: RepositoryRoot;

	constructor({ stateFolder, root, apiUrl, keptFor }: MemoryOptions) {
		const { host } = new URL(apiUrl);
		const of = [root, host, ...(keptFor === undefined ? [] : [keptFor])].join("\0");
		const store = createHash("sha256").update(of).digest("hex").slice(0, 12);
		this.#root = root;
		this.#records = new Records({
			stateFolder,
			name: `cases-${store}`,
			root,
			most: mostCases,
			maxBytes,
			read: (value) => caseSchema.safeParse(value).data,
		});
	}

	/** Those changed last come first. @throws {StateFolderUnusable} */
	async all(): Promise<readonly Case[]> {
		const cases = [...(await this.#records.all()).values()];
		return cases.sort((one, other) => changedAt(other) - changedAt(one) || (one.id < other.id ? -1 : 1));
	}

	/** @throws {StateFolderUnusable} */
	async report(trouble: Fingerprint, report: Report): Promise<Remembered> {
		const cases = await this.#records.all();
		const id = idOf(trouble, cases);
		const apart = unboundWith(cases, id, trouble, report.patch);
		return this.#join(id, trouble, { apart, patch: report.patch, at: report.at }, (one) =>
			reported(one, report),
		);
	}

	/** A patch for a code says not which of its troubles it is for: it is kept apart until a report or a check does. */
	async propose(code: string, patch: string, at: number): Promise<void> {
		const cases = await this.#records.all();
		if ([...cases.values()].some((one) => patchesOf(one).includes(patch))) return;
		const trouble: Fingerprint = { of: "code", name: code };
		const id = idOf(trouble, cases);
		await this.#records.change(id, (one = opened(id, trouble, at)) => patched(beginning(one, at), patch, at));
	}

	/**
	 * The case that holds the patch or the commit, else that of the same trouble.
	 *
	 * @param trouble undefined where it is not known: then only a case that holds the fix is changed
	 * @throws {StateFolderUnusable}
	 */
	async verify(
		{ of, name }: Pick<Fingerprint, "of" | "name">,
		trouble: Fingerprint | undefined,
		verification: Verification,
	): Promise<Remembered | undefined> {
		const cases = await this.#records.all();
		const own = [...cases.values()].filter((one) => one.trouble.of === of && one.trouble.name === name);
		const holding = own.filter((one) => holds(one, verification));
		const bound = holding.find((one) => one.trouble.top !== undefined);
		const same = bound?.trouble ?? trouble ?? holding[0]?.trouble;
		if (same === undefined) return undefined;
		const id = bound?.id ?? idOf(same, cases);
		const { patch, at } = verification;
		const apart = unboundWith(cases, id, same, patch);
		return this.#join(id, same, { apart, patch, at }, (one) => verified(one, verification));
	}

	/** @returns undefined if the case does not exist */
	mute(id: string, at: number): Promise<Case | undefined> {
		return this.#records.change(id, (one) => (one === undefined ? undefined : muted(one, at)));
	}

	unmute(id: string, at: number): Promise<Case | undefined> {
		return this.#records.change(id, (one) => (one === undefined ? undefined : unmuted(one, at)));
	}

	async forget(id: string): Promise<void> {
		await this.#records.change(id, () => undefined);
	}

	/**
	 * What others know joins the case of the same trouble, or makes one; what this machine checked stays.
	 *
	 * @throws {TooManyCases} before any is kept, and {StateFolderUnusable}
	 */
	async take(shared: readonly SharedCase[]): Promise<Taken> {
		const before = await this.#records.all();
		const room = mostCases - before.size;
		const fresh = shared.filter(({ trouble }) => !before.has(idOf(trouble, before)));
		if (fresh.length > room) throw new TooManyCases(fresh.length, room);
		const taken = { added: 0, joined: 0, known: 0 };
		for (const { trouble, others } of shared) {
			const id = idOf(trouble, await this.#records.all());
			let outcome: keyof Taken = "added";
			await this.#records.change(id, (one) => {
				const after = withOthers(one ?? opened(id, trouble, others.openedAt), others);
				outcome = one === undefined ? "added" : after === one ? "known" : "joined";
				return after;
			});
			taken[outcome] += 1;
		}
		return taken;
	}

	/** `path:line` where the repository has such a file, under its own name; else undefined. */
	async checkedLocation(given: string | undefined): Promise<string | undefined> {
		const [, named, line = ""] =
			/^([\w.@+/()[\]$-]{1,200}?)(:\d{1,7}(?:-\d{1,7})?)?$/.exec((given ?? "").trim()) ?? [];
		if (named === undefined) return undefined;
		const file = await openConfined(this.#root, named).catch(() => undefined);
		await file?.handle.close();
		const location = `${file?.path ?? ""}${line}`;
		const isPlain = /^[\w.@+/()[\]$:-]{1,240}$/.test(location);
		return file !== undefined && isPlain && maskPersonal(maskSecrets(location)) === location
			? location
			: undefined;
	}

	async #join(
		id: string,
		trouble: Fingerprint,
		{
			apart,
			patch = "",
			at,
		}: { readonly apart: Case | undefined; readonly patch?: string | undefined; readonly at: number },
		change: (one: Case) => Case,
	): Promise<Remembered> {
		let before: Case | undefined;
		const after = await this.#records.change(id, (one) => {
			before = one;
			const known = one === undefined ? opened(id, trouble, at) : beginning(one, at);
			return change(apart === undefined ? known : joinedBy(known, upTo(apart, patch)));
		});
		if (apart !== undefined) await this.#records.change(apart.id, (one) => one && laterThan(one, patch));
		return { before, after: after ?? opened(id, trouble, at) };
	}
}

function idOf(trouble: Fingerprint, cases: Cases): string {
	const known = [...cases.values()].find((one) => isSame(one.trouble, trouble));
	if (known !== undefined) return known.id;
	const isUnbound = trouble.top === undefined;
	return caseId(trouble, (id) => {
		const there = cases.get(id);
		return (
			there !== undefined &&
			!(isUnbound && there.trouble.top === undefined && there.trouble.name === trouble.name)
		);
	});
}

/** The case kept apart that holds the patch. */
function unboundWith(
	cases: Cases,
	id: string,
	trouble: Fingerprint,
	patch: string | undefined,
): Case | undefined {
	if (patch === undefined || trouble.top === undefined) return undefined;
	return [...cases.values()].find(
		(one) =>
			one.id !== id &&
			one.trouble.top === undefined &&
			one.trouble.of === trouble.of &&
			one.trouble.name === trouble.name &&
			patchesOf(one).includes(patch),
	);
}

function holds(one: Case, { patch, commit }: Verification): boolean {
	if (patch !== undefined && patchesOf(one).includes(patch)) return true;
	return commit !== undefined && one.fix?.commit !== undefined && isPrefix(one.fix.commit, commit);
}

function isPrefix(one: string, other: string): boolean {
	return one.startsWith(other) || other.startsWith(one);
}

function placeOf({ happened }: Case, patch: string): number {
	return happened.findIndex((event) => event.kind === "patched" && event.patch === patch);
}

/** What happened up to the patch: drafts of the same fix come before it. */
function upTo(apart: Case, patch: string): Case {
	return { ...apart, happened: apart.happened.slice(0, placeOf(apart, patch) + 1) };
}

/** What came after it is of another trouble, or is not known to be of this one. */
function laterThan(apart: Case, patch: string): Case | undefined {
	const happened = apart.happened.slice(placeOf(apart, patch) + 1);
	return happened.length === 0 ? undefined : { ...apart, happened };
}

export function changedAt({ happened, openedAt }: Case): number {
	return happened.at(-1)?.at ?? openedAt;
}
