// Lists error events one by one, a page at a time.

import { z } from "zod";
import {
	cursorArgument,
	defineTool,
	emptyHint,
	filterArguments,
	fittedAnswer,
	makeTable,
	readsProduction,
	type TableRow,
	tableSchema,
	untrustedFields,
	windowArguments,
	windowFacts,
	windowSchema,
} from "../src/answer/index.ts";
import type { ErrorEvent } from "../src/production/index.ts";
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

const maxCellLength = 200;

export const fetchErrors = defineTool({
	name: "fetch_errors",
	title: "Error events",
	description:
		"Error events, one row each: the order of things in one session, for one user, around one minute. Codes only: no messages and no stacks are kept. Scheduled runs are not included.",
	input: z.strictObject({
		...windowArguments,
		...filterArguments,
		limit: z.int().min(1).max(200).optional().describe("Default 20"),
		order: z.enum(["newest", "oldest"]).optional().describe("Default newest"),
		with_ids: z.boolean().optional(),
		cursor: cursorArgument,
	}),
	output: z.object({
		window: windowSchema,
		...tableSchema.shape,
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
		const hint = page.empty === undefined ? undefined : emptyHint(page.empty);
		return fittedAnswer(page.events.length, services.config, (shown) => {
			const table = makeTable(
				["at", ...untrustedColumns, "id"],
				page.events.slice(0, shown).map((event) => row(event, cellText, with_ids === true)),
				{ total: page.total, nextCursor: page.cursorAfter(shown) },
			);
			return {
				window: windowFacts(page),
				...table,
				hint,
				untrusted: [...untrustedFields(table, untrustedColumns), ...(hint === undefined ? [] : ["hint"])],
			};
		});
	},
});

function row(event: ErrorEvent, cellText: (text: string | null) => string | null, withId: boolean): TableRow {
	const short = (id: string | null) => cellText(id === null ? null : shortId(id));
	const { httpStatus } = event;
	return {
		at: isoInstant(event.at),
		error_code: cellText(event.code),
		category: cellText(event.category),
		skill: cellText(event.skill),
		provider: cellText(event.provider),
		action: cellText(event.action),
		http_status: typeof httpStatus === "string" ? cellText(httpStatus) : httpStatus,
		session: short(event.session),
		user: short(event.user),
		organization: short(event.organization),
		id: withId ? event.id : null,
	};
}
