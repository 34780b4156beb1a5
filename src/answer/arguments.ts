// Arguments that several tools share.

// No argument has a default here: a cursor must distinguish arguments that were given from those left out.

import { z } from "zod";
import { maxCursorLength } from "../text/index.ts";

const name = z.string().min(1).max(200);

export const windowArguments = {
	since: z
		.string()
		.min(1)
		.max(40)
		.optional()
		.describe("Start: a duration back from now (45m, 24h, 7d) or an ISO instant with zone. Default 24h"),
	until: z.string().min(1).max(40).optional().describe("End, excluded. Default now"),
};

export const filterArguments = {
	error_code: z
		.union([name, z.array(name).min(1).max(5)])
		.optional()
		.describe("One code or up to 5. In every filter, none matches rows where the field is empty"),
	category: name.optional(),
	skill: name.optional().describe("Slug"),
	provider: name.optional(),
	action: name.optional(),
	http_status: z.union([z.int().min(0).max(999), z.enum(["4xx", "5xx", "none"])]).optional(),
	session: name.optional(),
	user: name.optional().describe("Id, its first 8 hex digits, or e-mail address"),
	organization: name.optional().describe("Id, slug or name"),
};

export const cursorArgument = z
	.string()
	.min(1)
	.max(maxCursorLength)
	.optional()
	.describe("next_cursor of the previous page");

/** The window as every answer echoes it. */
export const windowSchema = z.object({
	since: z.string(),
	until: z.string(),
	until_note: z.string().optional(),
	clock_note: z.string().optional(),
});
