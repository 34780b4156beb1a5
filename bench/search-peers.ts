/**
 * search_codebase against mcp-ripgrep and the bare program: `npx tsx bench/search-peers.ts`. Needs the built server
 * and the peers (`npm ci --prefix bench`).
 *
 * The same literal in the same tree of 12,000 files. The servers are called over stdio, in turns, for at most 30 lines
 * with two lines around each, which are our defaults.
 */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { rgPath } from "@vscode/ripgrep";
import { temporaryFolder } from "../test/codebase/corpus/lay-out.ts";
import { connect } from "../test/e2e/connect.ts";
import { type Figure, leastRounds, milliseconds, renderFigures, sideBySide } from "./figures.ts";
import { makeTree } from "./search.ts";

const run = promisify(execFile);
const pattern = "refreshToken12";
const limit = 30;

export async function measureSearchPeers(rounds = leastRounds): Promise<readonly Figure[]> {
	const tree = await temporaryFolder();
	await makeTree(tree.root);
	const ours = await connect({ env: { PROD_DEBUGGER_REPO: tree.root } });
	const peer = await connectRipgrep(tree.root);
	try {
		const search = async (history: boolean) => {
			const { isError, text } = await ours.call("search_codebase", { query: pattern, limit, history });
			if (isError || !text.includes(pattern)) throw new Error(text);
		};
		const mcpRipgrep = async () => {
			const { content, isError } = await peer.callTool({
				name: "search",
				arguments: { pattern, path: tree.root, maxResults: limit, context: 2, caseSensitive: true },
			});
			const [first] = content;
			if (isError === true || first?.type !== "text" || !first.text.includes(pattern)) {
				throw new Error("mcp-ripgrep found nothing");
			}
		};
		const bare = () =>
			run(rgPath, ["--json", "--no-config", "-F", "-e", pattern, "--", "."], {
				cwd: tree.root,
				maxBuffer: 2 ** 28,
			});
		const against = async (
			what: string,
			work: () => Promise<unknown>,
			name: string,
			theirs: () => Promise<unknown>,
		) => {
			const { ours, peer, ratio, runs } = await sideBySide(
				() => milliseconds(work),
				() => milliseconds(theirs),
				rounds,
			);
			return { what, unit: "ms", ours, peer: { name, value: peer }, ratio, runs } satisfies Figure;
		};
		return [
			await against("search_codebase over stdio", () => search(false), "mcp-ripgrep over stdio", mcpRipgrep),
			await against("the same with its history", () => search(true), "mcp-ripgrep over stdio", mcpRipgrep),
			await against("search_codebase over stdio", () => search(false), "rg --json, bare", bare),
		];
	} finally {
		await peer.close();
		await ours.close();
		await tree.remove();
	}
}

/** It starts `rg` by name. */
async function connectRipgrep(cwd: string): Promise<Client> {
	const client = new Client({ name: "prod-debugger-bench", version: "1.0.0" });
	const script = join(import.meta.dirname, "node_modules/mcp-ripgrep/dist/index.js");
	const path = `${dirname(rgPath)}:${process.env.PATH ?? ""}`;
	await client.connect(
		new StdioClientTransport({
			command: process.execPath,
			args: [script],
			cwd,
			env: { PATH: path },
			stderr: "ignore",
		}),
	);
	return client;
}

if (process.argv[1] === import.meta.filename) {
	process.stdout.write(`${renderFigures(await measureSearchPeers())}\n`);
}
