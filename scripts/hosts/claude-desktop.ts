// The manifest of the .mcpb bundle for Claude Desktop.

import { tools } from "../../tools/index.ts";
import { type HostSetting, hostSetting, json, product, sentence } from "./product.ts";

/** The settings in the form. The others have defaults that a desktop user has no reason to change. */
const asked = (
	[
		"SKILLOMATIC_API_KEY",
		"PROD_DEBUGGER_REPO",
		"SKILLOMATIC_API_URL",
		"SKILLOMATIC_DATABASE_URL",
		"SKILLOMATIC_DATABASE_TOKEN",
		"SKILLOMATIC_ENVIRONMENTS",
		"PROD_DEBUGGER_SHOW_PERSONAL_DATA",
		"PROD_DEBUGGER_CHECK",
		"PROD_DEBUGGER_TEST",
		"PROD_DEBUGGER_MAX_CALLS_PER_MINUTE",
	] as const
).map(hostSetting);

const key = ({ name }: HostSetting) => name.toLowerCase();

/** A field of MCPB's `user_config` (manifest 0.3). Numbers state their bounds and default; a blank text means our default. */
function field(asked: HostSetting): object {
	const common = { title: asked.title, description: sentence(asked), required: false };
	switch (asked.field) {
		case "secret":
			return { type: "string", ...common, sensitive: true };
		case "text":
			return { type: "string", ...common };
		case "folder":
			return { type: "directory", ...common };
		case "file":
			return { type: "file", ...common };
		case "checkbox":
			return { type: "boolean", ...common, default: asked.setting.default === "1" };
		case "number": {
			const [min, max] = (asked.setting.takes.match(/\d+/g) ?? []).map(Number);
			return { type: "number", ...common, default: Number(asked.setting.default), min, max };
		}
	}
}

/**
 * The manifest of the `.mcpb` bundle.
 *
 * @param platforms Node's names of those whose ripgrep is in the bundle
 * @see https://github.com/modelcontextprotocol/mcpb/blob/main/MANIFEST.md
 */
export function bundleManifest(platforms: readonly string[]): string {
	return json({
		manifest_version: "0.3",
		name: product.name,
		display_name: product.title,
		version: product.version,
		description: product.description,
		author: { name: product.author },
		license: product.license,
		keywords: product.keywords,
		server: {
			type: "node",
			entry_point: `dist/${product.name}.js`,
			mcp_config: {
				command: "node",
				args: [`\${__dirname}/dist/${product.name}.js`],
				env: Object.fromEntries(asked.map((one) => [one.name, `\${user_config.${key(one)}}`])),
			},
		},
		tools: tools.map(({ name, title }) => ({ name, description: title })),
		prompts_generated: true,
		compatibility: { platforms, runtimes: { node: product.node } },
		user_config: Object.fromEntries(asked.map((one) => [key(one), field(one)])),
	});
}
