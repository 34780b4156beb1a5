import { z } from "zod";
import { cursorArgument, filterArguments, windowArguments, windowSchema } from "../src/answer/arguments.ts";
import { fittedAnswer, windowFacts } from "../src/answer/facts.ts";
import { shortId } from "../src/answer/ids.ts";
import { isoInstant } from "../src/answer/instants.ts";
import { makeTable, type TableRow, tableSchema } from "../src/answer/table.ts";
import { defineTool, readsProduction } from "../src/answer/tool.ts";
import { categoryOf } from "../src/production/error-codes.ts";
import type { ErrorEvent } from "../src/production/events.ts";

const columns = [
	"at",
	"error_code",
	"category",
	"skill",
	"provider",
	"action",
	"http_status",
	"session",
	"user",
	"organization",
	"id",
];

/** The events themselves. */
export const fetchErrors = defineTool({
	name: "fetch_errors",
	title: "Error events",
	description:
		"The error events themselves, one row each: the order of things in one session, for one user, around one minute. Codes only: the platform keeps no messages and no stacks. Scheduled runs are not in here.",
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
		errors: tableSchema,
		hint: z.string().optional(),
		untrusted: z.array(z.string()),
	}),
	annotations: readsProduction,
	deadline: "production",
	async run({ with_ids, ...args }, { services, signal }) {
		const page = await services.production.fetchErrors(args, signal);
		return fittedAnswer(page.events.length, (shown) => ({
			window: windowFacts(page),
			errors: makeTable(
				columns,
				page.events.slice(0, shown).map((event) => row(event, with_ids === true)),
				{ total: page.total, nextCursor: page.cursorAfter(shown) },
			),
			hint: page.tableEmpty ? "error_events has no rows at all." : undefined,
			untrusted: ["errors.rows[]", "errors.common"],
		}));
	},
});

function row(event: ErrorEvent, withIds: boolean): TableRow {
	const short = (id: string | null) => (id === null ? null : shortId(id));
	return {
		at: isoInstant(event.at),
		error_code: event.code,
		// The code's own category is the code's prefix: said only where a client said otherwise.
		category: event.category === categoryOf(event.code ?? "") ? null : event.category,
		skill: event.skill,
		provider: event.provider,
		action: event.action,
		http_status: event.httpStatus,
		session: short(event.session),
		user: short(event.user),
		organization: short(event.organization),
		id: withIds ? event.id : null,
	};
}
