// Lists error events one by one, a page at a time.

import { z } from "zod";
import {
	cursorArgument,
	defineTool,
	eventsHint,
	filterArguments,
	fittedAnswer,
	makeTable,
	pagedSchema,
	readsProduction,
	type TableRow,
	untrustedFields,
	windowArguments,
	windowFacts,
	windowSchema,
} from "../src/answer/index.ts";
import type { ErrorEvent, FailedRun, FilterArguments, RowOfStory } from "../src/production/index.ts";
import { freeText, isoInstant, readLength, shortId } from "../src/text/index.ts";

/** Columns that clients fill: untrusted text. */
const untrustedColumns = [
	"error_code",
	"category",
	"skill",
	"provider",
	"action",
	"http_status",
	"session",
	"user",
	"organization",
];
/** Of a run. */
const runColumns = ["status", "duration_ms", "error_message"];

const maxCellLength = 200;

export const fetchErrors = defineTool({
	name: "fetch_errors",
	title: "Error events",
	description:
		"Error events, one row each: the order of things in one session, for one user, around one minute. Codes only: no messages or stacks. Not scheduled runs.",
	input: z.strictObject({
		...windowArguments,
		...filterArguments,
		limit: z.int().min(1).max(200).optional().describe("Default 20"),
		order: z.enum(["newest", "oldest"]).optional().describe("Default newest"),
		with_ids: z.boolean().optional(),
		with_runs: z
			.boolean()
			.optional()
			.describe("With session or user: all of that user's skill runs among the events"),
		cursor: cursorArgument,
	}),
	output: z.object({
		window: windowSchema,
		...pagedSchema.shape,
		hint: z.string().optional(),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	summary: "The error events themselves: the order of things in one session, for one user, around one minute",
	example: { limit: 3 },
	async run({ with_ids, ...args }, { services, signal }) {
		const page = await services.production.fetchErrors(args, signal);
		const cellText = (text: string | null) =>
			text === null
				? null
				: freeText(text, maxCellLength, services.config.showPersonalData, readLength(text));
		const hint = eventsHint(page, args.cursor === undefined);
		return fittedAnswer(page.rows.length, services.config, (shown) => {
			const table = makeTable(
				["at", ...untrustedColumns, ...runColumns, "id"],
				page.rows.slice(0, shown).map((one) => row(one, cellText, with_ids === true)),
				{ total: page.total, fixed: fixedColumns(page.asked), nextCursor: page.cursorAfter(shown) },
			);
			return {
				window: windowFacts(page),
				...table,
				hint,
				untrusted: [
					...untrustedFields(table, [...untrustedColumns, "error_message"]),
					...(hint === undefined ? [] : ["hint"]),
				],
			};
		});
	},
});

/** What all rows share: a filter of one value fixes it. */
function fixedColumns({ error_code, http_status, ...args }: FilterArguments): readonly string[] {
	const names = ["category", "skill", "provider", "action", "session", "user", "organization"] as const;
	return [
		...(typeof error_code === "string" || error_code?.length === 1 ? ["error_code"] : []),
		...(typeof http_status === "number" ? ["http_status"] : []),
		...names.filter((name) => args[name] !== undefined),
	];
}

type CellText = (text: string | null) => string | null;

function row(one: RowOfStory, cellText: CellText, withId: boolean): TableRow {
	switch (one.of) {
		case "event":
			return { ...eventRow(one.event, cellText), id: withId ? one.event.id : null };
		case "run":
			return { ...runRow(one.run, cellText), id: withId ? one.run.id : null };
	}
}

function eventRow(event: ErrorEvent, cellText: CellText): TableRow {
	const { httpStatus } = event;
	return {
		at: isoInstant(event.at),
		error_code: cellText(event.code),
		category: cellText(event.category),
		skill: cellText(event.skill),
		provider: cellText(event.provider),
		action: cellText(event.action),
		http_status: typeof httpStatus === "string" ? cellText(httpStatus) : httpStatus,
		session: shortCell(event.session, cellText),
		user: shortCell(event.user, cellText),
		organization: shortCell(event.organization, cellText),
	};
}

function runRow(run: FailedRun, cellText: CellText): TableRow {
	return {
		at: isoInstant(run.at),
		skill: cellText(run.skill),
		user: shortCell(run.user, cellText),
		organization: shortCell(run.organization, cellText),
		status: run.status,
		duration_ms: run.durationMs,
		error_message: cellText(run.errorMessage),
	};
}

function shortCell(id: string | null, cellText: CellText): string | null {
	return cellText(id === null ? null : shortId(id));
}
