// A process of its own that changes one record so many times: node change-record.ts BASE WORD TIMES.

import { join } from "node:path";
import { Records } from "../../src/system/records.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";

const [base = "", word = "", times = "0"] = process.argv.slice(2);
const records = new Records<readonly string[]>({
	stateFolder: join(base, "state"),
	name: "notes",
	root: await resolveRepositoryRoot(join(base, "repository")),
	most: 500,
	maxBytes: 100_000,
	read: (value) => (Array.isArray(value) ? value.map(String) : undefined),
});
for (let index = 0; index < Number(times); index += 1) {
	await records.change("a", (before = []) => [...before, `${word}${index}`]);
}
