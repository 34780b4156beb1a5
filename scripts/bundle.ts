// Packs the .mcpb bundle for Claude Desktop: `npm run bundle [-- PLATFORM-ARCH …]`, by default for this machine.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packBundle } from "./hosts/bundle.ts";

const root = join(fileURLToPath(import.meta.url), "..", "..");
const targets = process.argv.slice(2);
const file = await packBundle({
	targets: targets.length === 0 ? [`${process.platform}-${process.arch}`] : targets,
	into: root,
	fetch: (name, folder) => {
		const [packed] = JSON.parse(
			execFileSync("npm", ["pack", "--json", "--pack-destination", folder, name], { encoding: "utf8" }),
		) as [{ filename: string }];
		execFileSync("tar", ["-xzf", packed.filename], { cwd: folder });
		return join(folder, "package");
	},
});
process.stdout.write(`${file}\n`);
