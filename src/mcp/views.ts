// The resource that hosts with MCP Apps show beside error_stats.

import { readBuilt } from "../system/index.ts";
import { builtText } from "../text/index.ts";
import { statsView, viewType } from "../visual/index.ts";
import type { Outlet } from "./outlet.ts";

const day = 24 * 3600 * 1000;

/** Views for hosts with MCP Apps (2026-01-26). They need no network, no permission, and hold no data of their own. */
export function registerViews(outlet: Outlet): void {
	outlet.page(
		"error-stats-view",
		statsView,
		{
			title: "Error statistics, drawn",
			description: "For the host, not for reading: the view of error_stats.",
			mimeType: viewType,
			cacheHint: { ttlMs: day, cacheScope: "public" },
		},
		async () => ({
			text: builtText(await readBuilt("error-stats.html")),
			textMeta: { ui: { csp: {}, prefersBorder: true } },
		}),
	);
}
