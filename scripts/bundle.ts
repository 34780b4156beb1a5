// Packs the .mcpb bundle for Claude Desktop: `npm run bundle [-- PLATFORM-ARCH …]`, by default for this machine.

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { packBundle } from "./hosts/bundle.ts";
import { fetchPackage } from "./hosts/fetch-package.ts";

const root = join(fileURLToPath(import.meta.url), "..", "..");
const targets = process.argv.slice(2);
const file = await packBundle({
	targets: targets.length === 0 ? [`${process.platform}-${process.arch}`] : targets,
	into: root,
	fetch: fetchPackage,
});
process.stdout.write(`${file}\n`);
