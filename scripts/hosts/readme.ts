// Generates hosts/README.md.

import { addLine, pluginLines } from "./claude-code.ts";
import { product } from "./product.ts";

export function readme(files: Readonly<Record<string, string>>): string {
	const shown = (path: string) => `\`\`\`json\n${files[path] ?? ""}\`\`\``;
	const { name } = product;
	return `<!-- Written by scripts/hosts.ts (npm run hosts): change it there. -->
# ${product.title} in every host

In a checkout, \`npm ci && npm run setup\` installs the command, and \`${name} attach HOST\` writes what stands below, with full paths.
By hand, first keep the key in a file and check the setup:

\`\`\`sh
mkdir -p ~/.config/${name} && install -m 600 /dev/null ~/.config/${name}/key
# write a super admin's key to ~/.config/${name}/key with an editor, then:
SKILLOMATIC_API_KEY_FILE=~/.config/${name}/key ${name} doctor
\`\`\`

Hosts start the installed command, never \`npx\`: \`npx\` prefers a program in the repository's \`node_modules/.bin\`, so a
hostile repository's program would run with your key. A bare name is looked up on PATH. On Windows, and where a host does
not see your PATH, write the full path instead (\`command -v ${name}\`, on Windows \`where ${name}\`).

Every variable is optional. Without a key the tools for code work, and those for production say how to set it. An empty value,
or a placeholder \`\${…}\` that the host left in place, counts as unset. \`${name} --help\` describes each variable, and
[troubleshooting](../docs/troubleshooting.md) what to do when a host does not start the server.

## Claude Code

The server alone, for all your projects:

\`\`\`sh
${addLine}
\`\`\`

Or as a plugin with the skill \`${product.server}\`, which guides an investigation. It takes SKILLOMATIC_API_KEY or
SKILLOMATIC_API_KEY_FILE from the environment in which you start \`claude\`:

\`\`\`sh
${pluginLines.join("\n")}
\`\`\`

## Claude Desktop

\`npm run bundle\` packs \`${name}-${product.version}-PLATFORM.mcpb\`: open it with Claude Desktop, which asks for the settings and keeps
the key in the system's keychain. The bundle is complete, with ripgrep for its platform. Name your repository in the form.

## VS Code

\`.vscode/mcp.json\`, or your user configuration (command "MCP: Open User Configuration"). VS Code asks for the key once and stores it encrypted:

${shown("vscode/mcp.json")}

## Cursor

\`~/.cursor/mcp.json\`; Cursor takes the key from the environment in which you start it:

${shown("cursor/mcp.json")}

## Any other host

Configure a stdio server: command \`${name}\`, no arguments, and the variables that you need. \`${name} --demo\` runs on an embedded
production and needs no key. [server.json](server.json) describes the package for the MCP registry.
`;
}
