// A process of its own on a read-only state folder: node read-only.ts REPOSITORY STATE.

import { Memory } from "../../src/cases/index.ts";
import { resolveRepositoryRoot } from "../../src/system/repository.ts";
import { describeError } from "../../src/text/index.ts";

const [code = "", stateFolder = ""] = process.argv.slice(2);
const root = await resolveRepositoryRoot(code);
const memory = new Memory({ stateFolder, root, apiUrl: "https://production.example.com" });
const known = await memory.all();
const refused = await memory.mute(known[0]?.id ?? "", 1).then(
	() => "",
	(error: unknown) => describeError(error),
);
process.stdout.write(JSON.stringify({ known: known.length, refused }));
