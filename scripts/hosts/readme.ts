import { addLine, pluginLines } from "./claude-code.ts";
import { product } from "./product.ts";

/** The page that says which file goes where. */
export function readme(files: Readonly<Record<string, string>>): string {
	const shown = (path: string) => `\`\`\`json\n${files[path] ?? ""}\`\`\``;
	const { name } = product;
	return `<!-- Written by scripts/hosts.ts (npm run hosts): change it there. -->
# ${product.title} in every host

First install the command, outside of any repository, and look whether all is well:

\`\`\`sh
npm install --global ${name}
mkdir -p ~/.config/${name} && install -m 600 /dev/null ~/.config/${name}/key
# write the key of a super admin into ~/.config/${name}/key with an editor, then:
SKILLOMATIC_API_KEY_FILE=~/.config/${name}/key ${name} doctor
\`\`\`

Hosts start the installed command, never \`npx\`: in a working directory \`npx\` takes what lies in that repository's
\`node_modules/.bin\`, and a hostile repository's program would run with your key. A bare name is looked up on PATH;
on Windows, and where a host does not see your PATH, write the command's own path instead
(\`command -v ${name}\`, on Windows \`where ${name}\`).

Every variable is optional. Without a key the code tools work, and the production tools say how to set it. A value that is
blank, or left by the host as it stands (\`\${…}\`), counts as unset. \`${name} --help\` describes each.

## Claude Code

The server alone, for all your projects:

\`\`\`sh
${addLine}
\`\`\`

Or as a plugin with the skill \`${product.server}\`, which leads through an investigation. It takes SKILLOMATIC_API_KEY or
SKILLOMATIC_API_KEY_FILE from the environment that \`claude\` is started in:

\`\`\`sh
${pluginLines.join("\n")}
\`\`\`

## Claude Desktop

\`npm run bundle\` packs \`${name}-${product.version}-PLATFORM.mcpb\`: open it with Claude Desktop, which asks for the settings and keeps
the key in the system's keychain. The bundle holds all that it needs, ripgrep for its platform too; name your repository in the form.

## VS Code

\`.vscode/mcp.json\`, or the user's own (command "MCP: Open User Configuration"); the key is asked for once and kept encrypted:

${shown("vscode/mcp.json")}

## Cursor

\`~/.cursor/mcp.json\`; the key is taken from the environment that Cursor is started in:

${shown("cursor/mcp.json")}

## Any other host

A server over stdio: command \`${name}\`, no arguments, and the variables that you need. \`${name} --demo\` runs on an embedded
production and needs no key. [server.json](server.json) describes the package for the MCP registry.
`;
}
