// The configuration files for VS Code and Cursor.

import { hostSetting, json, product } from "./product.ts";

const input = "skillomatic-api-key";

/** VS Code asks for the key once and stores it encrypted. @see https://code.visualstudio.com/docs/copilot/reference/mcp-configuration */
function vsCode(): string {
	const { title, setting } = hostSetting("SKILLOMATIC_API_KEY");
	return json({
		inputs: [
			{
				type: "promptString",
				id: input,
				description: `${title}: ${setting.about} (blank: ${setting.default})`,
				password: true,
			},
		],
		servers: {
			[product.server]: {
				type: "stdio",
				command: product.name,
				args: [],
				env: { SKILLOMATIC_API_KEY: `\${input:${input}}`, PROD_DEBUGGER_REPO: "${workspaceFolder}" },
			},
		},
	});
}

/** Cursor starts servers in the home folder, so the repository must be named. @see https://cursor.com/docs/context/mcp */
function cursor(): string {
	return json({
		mcpServers: {
			[product.server]: {
				command: product.name,
				args: [],
				env: {
					SKILLOMATIC_API_KEY: "${env:SKILLOMATIC_API_KEY}",
					PROD_DEBUGGER_REPO: "${workspaceFolder}",
				},
			},
		},
	});
}

export function editorFiles(): Readonly<Record<string, string>> {
	return { "vscode/mcp.json": vsCode(), "cursor/mcp.json": cursor() };
}
