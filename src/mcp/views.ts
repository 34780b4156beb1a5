// The resource that hosts with MCP Apps show beside error_stats.

import { readFile } from "node:fs/promises";
import type { McpServer } from "@modelcontextprotocol/server";
import { builtPath } from "../system/index.ts";
import { statsView, viewType } from "../visual/index.ts";

const day = 24 * 3600 * 1000;

/** Views for hosts with MCP Apps (2026-01-26). They need no network, no permission, and hold no data of their own. */
export function registerViews(server: McpServer): void {
	server.registerResource(
		"error-stats-view",
		statsView,
		{
			title: "Error statistics, drawn",
			description: "For the host, not for reading: the view of error_stats.",
			mimeType: viewType,
			cacheHint: { ttlMs: day, cacheScope: "public" },
		},
		async (uri) => ({
			contents: [
				{
					uri: uri.href,
					mimeType: viewType,
					text: await readFile(builtPath("error-stats.html"), "utf8"),
					_meta: { ui: { csp: {}, prefersBorder: true } },
				},
			],
		}),
	);
}
