// Writes what hosts are configured with, hosts/, from one description; the tests compare it with what is committed.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { hostFiles } from "./hosts/files.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..", "hosts");
for (const [path, text] of Object.entries(hostFiles())) {
	await mkdir(dirname(join(folder, path)), { recursive: true });
	await writeFile(join(folder, path), text);
}
