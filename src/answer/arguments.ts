// Arguments that several tools share, each described once.
// None has a default here: a cursor has to tell what was given from what was not.

import { z } from "zod";
import { maxCursorLength } from "../text/index.ts";

const word = z.string().min(1).max(200);

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
		.union([word, z.array(word).min(1).max(5)])
		.optional()
		.describe("One code or up to 5. In every filter, none finds rows where the field is empty"),
	category: word.optional(),
	skill: word.optional().describe("Slug"),
	provider: word.optional(),
	action: word.optional(),
	http_status: z.union([z.int().min(0).max(999), z.enum(["4xx", "5xx", "none"])]).optional(),
	session: word.optional(),
	user: word.optional().describe("Id, its first 8 hex digits, or e-mail address"),
	organization: word.optional().describe("Id, slug or name"),
};

export const cursorArgument = z
	.string()
	.min(1)
	.max(maxCursorLength)
	.optional()
	.describe("next_cursor of the page before");

/** The window and the filters of an answer, as it echoes them. */
export const windowSchema = z.object({
	since: z.string(),
	until: z.string(),
	clock_note: z.string().optional(),
});
