// Renders the reference of error codes as Markdown.

import type { ErrorCodeReference } from "../production/index.ts";

/** All codes, a row each. */
export function renderErrorCodes(references: readonly ErrorCodeReference[]): string {
	const rows = references.map(
		({ code, category, cause, look, try: remedy }) =>
			`| ${code} | ${category} | ${cause} | ${look} | ${remedy} |`,
	);
	return [
		"| Code | Category | Common cause | Where to look first | What to try |",
		"|---|---|---|---|---|",
		...rows,
	].join("\n");
}

/** What is known of one code. */
export function renderErrorCode({
	code,
	category,
	cause,
	look,
	try: remedy,
	hides,
}: ErrorCodeReference): string {
	return [
		`# ${code}`,
		`- Category: ${category}`,
		`- Common cause: ${cause}`,
		`- Where to look: ${look}`,
		`- What to try: ${remedy}`,
		...(hides === undefined ? [] : [`- What the name hides: ${hides}`]),
		`- In the code: search_codebase with error_code ${code}`,
	].join("\n");
}
