// The plugin for Claude Code: the server, and a skill that uses its tools.

import { json, product } from "./product.ts";

const marketplace = "prod-debugger-mcp";

/**
 * The key is read from the environment, with an empty default. A plugin's `userConfig` would keep it in the keychain,
 * but Claude Code silently drops a server if one of its `${user_config.…}` was left blank.
 */
export function claudeCodeFiles(): Readonly<Record<string, string>> {
	const plugin = product.server;
	return {
		"claude-code/.claude-plugin/marketplace.json": json({
			name: marketplace,
			description: product.summary,
			owner: { name: product.author },
			plugins: [{ name: plugin, source: `./${plugin}`, description: product.description }],
		}),
		[`claude-code/${plugin}/.claude-plugin/plugin.json`]: json({
			name: plugin,
			version: product.version,
			description: product.description,
			author: { name: product.author },
			license: product.license,
			keywords: product.keywords,
		}),
		[`claude-code/${plugin}/.mcp.json`]: json({
			mcpServers: {
				[product.server]: {
					command: product.name,
					args: [],
					env: {
						SKILLOMATIC_API_KEY: "${SKILLOMATIC_API_KEY:-}",
						SKILLOMATIC_API_KEY_FILE: "${SKILLOMATIC_API_KEY_FILE:-}",
						SKILLOMATIC_DATABASE_URL: "${SKILLOMATIC_DATABASE_URL:-}",
						SKILLOMATIC_DATABASE_TOKEN: "${SKILLOMATIC_DATABASE_TOKEN:-}",
						SKILLOMATIC_DATABASE_TOKEN_FILE: "${SKILLOMATIC_DATABASE_TOKEN_FILE:-}",
						SKILLOMATIC_ENVIRONMENTS: "${SKILLOMATIC_ENVIRONMENTS:-}",
					},
				},
			},
		}),
	};
}

/**
 * Adds only the server: by its full path, and with the key in a file, so that the key is in no shell history. Options
 * must precede the name, and `--env`, which takes several values, must precede another option.
 *
 * @see https://code.claude.com/docs/en/mcp
 */
export const addLine = `claude mcp add --env SKILLOMATIC_API_KEY_FILE="$HOME/.config/${product.name}/key" --transport stdio --scope user ${product.server} -- "$(command -v ${product.name})"`;

/** The lines that add the plugin, from a checkout. */
export const pluginLines = [
	"claude plugin marketplace add ./hosts/claude-code",
	`claude plugin install ${product.server}@${marketplace}`,
];
