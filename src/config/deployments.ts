// Reads what tells about deployments: tags, a branch or a file.

import type { DeploymentSource } from "../codebase/index.ts";
import { type Environment, readPath } from "./paths.ts";
import { wrong } from "./settings.ts";

/** @param cwd where a relative path begins */
export function readDeploymentSource(
	value: string | undefined,
	env: Environment,
	cwd: string,
): DeploymentSource | undefined {
	if (value === undefined) return undefined;
	const [, by, rest = ""] = /^(tags|branch|file):(.+)$/s.exec(value.trim()) ?? [];
	if (by === "tags" && /^[^\s~^:\\]{1,100}$/.test(rest)) return { by, glob: rest };
	// A name that begins with a hyphen would be an option.
	if (by === "branch" && /^\w[\w./-]{0,200}$/.test(rest) && !rest.includes("..")) return { by, name: rest };
	if (by === "file" && !rest.includes("\0"))
		return { by, path: readPath("PROD_DEBUGGER_DEPLOYMENTS", rest, env, cwd) };
	throw wrong("PROD_DEBUGGER_DEPLOYMENTS", value);
}
