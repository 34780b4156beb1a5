// Parses JSON without exceptions and without rounding, and detects truncated JSON.

/**
 * A byte-order mark before it is skipped. An integer that JavaScript's numbers cannot hold becomes a text.
 *
 * @returns undefined for invalid JSON
 */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(wholeIntegers(text.replace(/^\uFEFF/, "")));
	} catch {
		return undefined;
	}
}

const longDigits = /[[:,\s]-?\d{16}/;
/** A text, or a number: what stands in a text is passed over. */
const textOrNumber = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** JSON.parse rounds an integer beyond 2^53. */
function wholeIntegers(json: string): string {
	if (!longDigits.test(json)) return json;
	return json.replace(textOrNumber, (found) =>
		/^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found,
	);
}

/** Whether invalid JSON ends inside a string, an object or a list: it was truncated. */
export function endsInside(text: string): boolean {
	let depth = 0;
	let inString = false;
	for (let index = 0; index < text.length; index += 1) {
		const char = text[index];
		if (inString) {
			if (char === "\\") index += 1;
			else if (char === '"') inString = false;
		} else if (char === '"') inString = true;
		else if (char === "{" || char === "[") depth += 1;
		else if (char === "}" || char === "]") depth -= 1;
	}
	return inString || depth > 0;
}
