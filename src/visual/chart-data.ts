// The data that error_stats' view draws, and where they are in a tool's result.

import type { Marker } from "./markers.ts";

/** The view of error_stats for hosts with MCP Apps: the resource's URI and media type. */
export const statsView = "ui://prod-debugger/error-stats";
export const viewType = "text/html;profile=mcp-app";

/** The key in a result's `_meta`, which the model does not read. */
export const chartKey = "prod-debugger/chart";

/** What the view draws. Instants and widths in epoch seconds; texts are untrusted. */
export interface ChartData {
	/** Its name, where several environments are configured. */
	readonly environment?: string;
	readonly window: { readonly from: number; readonly to: number };
	readonly total: number;
	readonly previousTotal: number;
	/** The first bucket's start, and how wide each is. */
	readonly start: number;
	readonly width: number;
	/** All codes together. */
	readonly counts: readonly number[];
	readonly codes: readonly { readonly code: string; readonly counts: readonly number[] }[];
	/** The dimensions of `groups`. */
	readonly groupedBy: readonly string[];
	readonly groups: readonly {
		readonly name: string;
		readonly count: number;
		readonly previous: number;
		readonly isNew: boolean;
	}[];
	readonly otherCount: number;
	/** What a person would notice first. */
	readonly findings: readonly string[];
	/** When the code changed, as far as an episode names it. */
	readonly marks: readonly (Marker & { readonly code: string })[];
	readonly episodes: readonly {
		readonly code: string;
		/** When it went on: one span, or one for each time that it came. */
		readonly spans: readonly { readonly from: number; readonly to: number }[];
		/** The 90 % interval of the onset. */
		readonly between: readonly [number, number];
		readonly isOn: boolean;
		/** All of it in a sentence. */
		readonly words: string;
	}[];
}
