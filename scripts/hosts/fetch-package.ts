// Brings a package that is not installed here, for a bundle of another platform.

import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** @returns the package's own folder */
export function fetchPackage(name: string, folder: string): string {
	const [packed] = JSON.parse(
		execFileSync("npm", ["pack", "--json", "--pack-destination", folder, name], { encoding: "utf8" }),
	) as [{ filename: string }];
	execFileSync("tar", ["-xzf", packed.filename], { cwd: folder });
	return join(folder, "package");
}
