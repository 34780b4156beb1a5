// Patterns of lines that put an error code together from parts, and of those that pass the missing part.

/** Templates and concatenations whose fixed part begins or ends the code. */
export function buildingPatterns(code: string): readonly string[] {
	const parts = code.split("_");
	return parts.slice(1).flatMap((_, index) => {
		const head = parts.slice(0, index + 1).join("_");
		const tail = parts.slice(index + 1).join("_");
		return [
			// `${kind}_TIMEOUT`, f"{kind}_TIMEOUT", "%s_TIMEOUT", kind + "_TIMEOUT"
			`(\\}|%s|[+.]\\s{0,3}["'\`])_${tail}["'\`]`,
			// `LLM_${kind}`, f"LLM_{kind}", "LLM_%s", "LLM_" + kind
			`["'\`]${head}_(\\$?\\{|%s|["'\`]\\s{0,3}[+.])`,
		];
	});
}

/**
 * The parts that building lines leave open, as texts elsewhere: `RATE_LIMITED` for `GMAIL_${reason}`.
 *
 * @param building the texts of the lines that build the code
 */
export function passingPatterns(code: string, building: readonly string[]): readonly string[] {
	const parts = code.split("_");
	const open = parts.slice(1).flatMap((_, index) => {
		const head = parts.slice(0, index + 1).join("_");
		const tail = parts.slice(index + 1).join("_");
		const isIn = (fixed: RegExp) => building.some((text) => fixed.test(text));
		return [
			...(isIn(new RegExp(`_${tail}["'\`]`)) ? [head] : []),
			...(isIn(new RegExp(`["'\`]${head}_`)) ? [tail] : []),
		];
	});
	const isChanged = building.some((text) => /upper/i.test(text));
	return open.map((part) => `${isChanged ? "(?i)" : ""}["'\`]${part}["'\`]`);
}
