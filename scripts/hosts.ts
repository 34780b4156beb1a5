// Writes hosts/ and the README's table of tools from one description; the tests compare them with what is committed.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostFiles } from "./hosts/files.ts";
import { withToolsTable } from "./hosts/tools-table.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = join(root, "hosts");
for (const [path, text] of Object.entries(hostFiles())) {
	await mkdir(dirname(join(folder, path)), { recursive: true });
	await writeFile(join(folder, path), text);
}
const readme = join(root, "README.md");
await writeFile(readme, withToolsTable(await readFile(readme, "utf8")));
