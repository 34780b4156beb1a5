// Finds where a JSON file stops being one, which a program that reads it tells only when it starts.

import type { SyntaxProblem } from "../../codebase/index.ts";

export function isJson(path: string): boolean {
	return /\.json$/i.test(path);
}

/** At most one; undefined for a text with comments, which some programs take. */
export function jsonProblems(text: string): readonly SyntaxProblem[] | undefined {
	const json = text.replace(/^\ufeff/, "");
	try {
		JSON.parse(json);
		return [];
	} catch (error) {
		if (/(?:^|\s)\/[/*]/m.test(json)) return undefined;
		// V8 tells the place, but for a text that ends too soon.
		const told = /position (\d{1,9})/.exec(String(error))?.[1];
		const at = told === undefined ? json.length : Number(told);
		const before = json.slice(0, at).split("\n");
		const place = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
		return told === undefined
			? [{ ...place, kind: "missing", text: "the rest of the JSON" }]
			: [{ ...place, kind: "error", text: json.charAt(at) }];
	}
}
