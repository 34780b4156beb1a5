// Arguments that several tools share.

// No argument has a default here: a cursor must distinguish arguments that were given from those left out.

import { z } from "zod";
import { errorCodes } from "../production/index.ts";
import { maxCursorLength, nearest } from "../text/index.ts";

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

/** In a schema: how many values a text may hold, with commas between them; hosts send such a list in several forms. */
export const listMark = "listOf";
const maxCodes = 5;

/** A code as production writes it: one of the known codes in another letter case, or with other separators, is that code. */
export function codeAsWritten(given: string): string {
	const code = given.trim();
	const plain = code.toUpperCase().replace(/[\s-]/g, "_");
	return errorCodes.some((known) => known.code === plain) ? plain : code;
}

/** One code. */
export const codeArgument = z.string().min(1).max(200).transform(codeAsWritten);

/** One code as it stands in code. */
export const searchedCode = z
	.string()
	.min(1)
	.max(100)
	.transform((given, context): string => {
		const code = codeAsWritten(given);
		if (/^[A-Za-z][A-Za-z0-9_]{1,99}$/.test(code)) return code;
		const known = errorCodes.map((one) => one.code);
		const near = nearest(code, known) ?? "LLM_TIMEOUT";
		context.addIssue(`takes one code of letters, digits and underscores, such as ${near}`);
		return z.NEVER;
	});

const codesArgument = z
	.string()
	.min(1)
	.max(1000)
	.meta({ [listMark]: maxCodes })
	.transform((text, context): readonly string[] => {
		const codes = text
			.split(",")
			.map((code) => codeAsWritten(code.replace(/^[\s["']+|[\s\]"']+$/g, "")))
			.filter((code) => code !== "");
		if (codes.length >= 1 && codes.length <= maxCodes && codes.every((code) => code.length <= 200))
			return codes;
		context.addIssue(`takes one code, or up to ${maxCodes} with commas between`);
		return z.NEVER;
	});

const statusArgument = z
	.string()
	.min(1)
	.transform((text, context): number | "4xx" | "5xx" | "none" => {
		const status = text.trim().toLowerCase();
		if (status === "4xx" || status === "5xx" || status === "none") return status;
		if (/^\d{1,3}$/.test(status)) return Number(status);
		context.addIssue("takes a whole number from 0 to 999, or one of 4xx, 5xx, none");
		return z.NEVER;
	});

export const filterArguments = {
	error_code: codesArgument
		.optional()
		.describe("One, or up to 5 with commas. In every filter, none matches rows where the field is empty"),
	category: name.optional(),
	skill: name.optional().describe("Slug"),
	provider: name.optional(),
	action: name.optional(),
	http_status: statusArgument.optional().describe("A number, 4xx or 5xx"),
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

export const previousWindowSchema = z.object({ since: z.string(), until: z.string() });

/** The window as every answer echoes it. */
export const windowSchema = z.object({
	since: z.string(),
	until: z.string(),
	until_note: z.string().optional(),
	clock_note: z.string().optional(),
});
