// Records that two processes change at once, and folders as a crash, a stranger or a full disk leaves them.

import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import {
	chmod,
	chown,
	lstat,
	mkdir,
	mkdtemp,
	readdir,
	readFile,
	rm,
	stat,
	symlink,
	truncate,
	utimes,
	writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Records } from "../../src/system/records.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { describeError } from "../../src/text/index.ts";

let base: string;
let folder: string;
beforeEach(async () => {
	base = await mkdtemp(join(tmpdir(), "records-"));
	await mkdir(join(base, "repository"));
	folder = join(base, "state", "notes");
});
afterEach(async () => {
	await rm(base, { recursive: true, force: true });
});

type Note = readonly string[];

async function notes(most = 500): Promise<Records<Note>> {
	return new Records<Note>({
		stateFolder: join(base, "state"),
		name: "notes",
		root: await resolveRepositoryRoot(join(base, "repository")),
		most,
		maxBytes: 100_000,
		read: (value) =>
			Array.isArray(value) && value.every((one) => typeof one === "string") ? value : undefined,
	});
}

const add =
	(word: string) =>
	(before: Note = []): Note => [...before, word];

async function filesOf(): Promise<readonly string[]> {
	return (await readdir(folder)).sort();
}

test("a record is what its last change made of it, in files that are the user's alone", async () => {
	const records = await notes();
	expect(await records.all()).toEqual(new Map());
	await expect(lstat(join(base, "state"))).rejects.toThrow();
	await records.change("a", add("one"));
	await records.change("a", add("two"));
	expect(await (await notes()).all()).toEqual(new Map([["a", ["one", "two"]]]));
	expect((await stat(folder)).mode & 0o777).toBe(0o700);
	expect((await stat(join(folder, "a.2.json"))).mode & 0o777).toBe(0o600);
	await records.change("a", (before) => before);
	expect(await filesOf()).toEqual(["a.1.json", "a.2.json"]);
	await records.change("a", () => undefined);
	expect(await filesOf()).toEqual([]);
});

test("of changes made at once none is lost", async () => {
	const servers = await Promise.all(Array.from({ length: 4 }, () => notes()));
	const words = servers.flatMap((_, server) => Array.from({ length: 8 }, (_, index) => `${server}-${index}`));
	await Promise.all(
		servers.map(async (records, server) => {
			for (let index = 0; index < 8; index += 1) await records.change("a", add(`${server}-${index}`));
		}),
	);
	expect([...((await (await notes()).all()).get("a") ?? [])].sort()).toEqual(words.sort());
});

test("nor of those that two processes make", async () => {
	const script = fileURLToPath(new URL("change-record.ts", import.meta.url));
	const run = (name: string) =>
		promisify(execFile)(process.execPath, ["--import", "tsx", script, base, name, "20"]);
	await Promise.all([run("x"), run("y")]);
	const found = (await (await notes()).all()).get("a") ?? [];
	expect(found).toHaveLength(40);
	expect(found.filter((word) => word.startsWith("x"))).toEqual(
		Array.from({ length: 20 }, (_, index) => `x${index}`),
	);
}, 60_000);

test("nor where a number that was read as the next was made and removed meanwhile", async () => {
	const records = await notes();
	await records.change("a", add("first"));
	let calls = 0;
	const after = await records.change("a", (before = []) => {
		calls += 1;
		if (calls === 1) {
			// What another process does in between: versions 2 and 3, after which 2 goes.
			const made = { marks: ["x", "y"], value: [...before, "second", "third"] };
			writeFileSync(join(folder, "a.3.json"), JSON.stringify(made), { mode: 0o600 });
		}
		return [...before, "own"];
	});
	expect(after).toEqual(["first", "second", "third", "own"]);
	expect((await records.all()).get("a")).toEqual(after);
});

test("those changed last are kept", async () => {
	const records = await notes(3);
	for (const id of ["a", "b", "c"]) await records.change(id, add(id));
	for (const [index, id] of ["b", "a", "c"].entries()) {
		await utimes(join(folder, `${id}.1.json`), index, index);
	}
	await writeFile(join(folder, ".d.1.json.0123"), "left by a crash");
	await utimes(join(folder, ".d.1.json.0123"), 1, 1);
	await records.change("d", add("d"));
	expect(await filesOf()).toEqual(["a.1.json", "c.1.json", "d.1.json"]);
});

describe("what was whole stays", () => {
	test.each([
		["truncated", (path: string) => truncate(path, 4)],
		["emptied", (path: string) => truncate(path, 0)],
		["overwritten with something else", (path: string) => writeFile(path, '{"not": "ours"}')],
		["made too large", (path: string) => writeFile(path, "x".repeat(200_000))],
		[
			"replaced by a folder",
			async (path: string) => {
				await rm(path);
				await mkdir(path);
			},
		],
	])("where the newest version was %s", async (_, harm) => {
		const records = await notes();
		for (const word of ["one", "two"]) await records.change("a", add(word));
		await records.change("b", add("b"));
		await harm(join(folder, "a.2.json"));
		expect(await records.all()).toEqual(
			new Map([
				["a", ["one"]],
				["b", ["b"]],
			]),
		);
		await records.change("a", add("three"));
		expect((await records.all()).get("a")).toEqual(["one", "three"]);
	});

	test("where a link stands in a version's place: it is not followed, and its target stays", async () => {
		const records = await notes();
		await records.change("a", add("one"));
		const target = join(base, "elsewhere.json");
		await writeFile(target, '{"marks": [], "value": ["planted"]}');
		await symlink(target, join(folder, "a.2.json"));
		expect((await records.all()).get("a")).toEqual(["one"]);
		for (const word of ["two", "three"]) await records.change("a", add(word));
		expect((await records.all()).get("a")).toEqual(["one", "two", "three"]);
		expect(await readFile(target, "utf8")).toBe('{"marks": [], "value": ["planted"]}');
	});

	test.runIf(process.getuid?.() === 0)("where another user's file stands in a version's place", async () => {
		const records = await notes();
		await records.change("a", add("one"));
		await writeFile(join(folder, "a.2.json"), '{"marks": [], "value": ["planted"]}');
		await chown(join(folder, "a.2.json"), 12345, 12345);
		expect((await records.all()).get("a")).toEqual(["one"]);
	});

	test.runIf(process.getuid?.() !== 0)("where the newest version cannot be read", async () => {
		const records = await notes();
		for (const word of ["one", "two"]) await records.change("a", add(word));
		await chmod(join(folder, "a.2.json"), 0);
		expect((await records.all()).get("a")).toEqual(["one"]);
		await expect(records.change("a", add("three"))).rejects.toThrow();
		await chmod(join(folder, "a.2.json"), 0o600);
		expect((await records.all()).get("a")).toEqual(["one", "two"]);
	});
});

describe("a folder that must not be used says why", () => {
	const refusalOf = async () => {
		const records = await notes();
		const read = await records.all().catch((error: unknown) => describeError(error));
		const changed = await records.change("a", add("x")).catch((error: unknown) => describeError(error));
		expect(changed).toEqual(read);
		return read;
	};

	test("a link", async () => {
		await mkdir(join(base, "state"), { mode: 0o700 });
		await mkdir(join(base, "elsewhere"));
		await symlink(join(base, "elsewhere"), folder);
		expect(await refusalOf()).toContain("is a link");
		expect(await readdir(join(base, "elsewhere"))).toEqual([]);
	});

	test.runIf(process.getuid?.() === 0)("another user's", async () => {
		await mkdir(folder, { recursive: true, mode: 0o700 });
		await chmod(join(base, "state"), 0o700);
		await chown(folder, 12345, 12345);
		expect(await refusalOf()).toContain("belongs to another user");
	});
});
