/**
 * Every index at which `needle` stands in `lines`, overlapping ones too. Linear in both lengths, so that a file of
 * like lines costs no more than another (Knuth, Morris and Pratt, 1977).
 */
export function occurrences(lines: readonly string[], needle: readonly string[]): readonly number[] {
	if (needle.length === 0 || needle.length > lines.length) return [];
	const fallback = fallbackTable(needle);
	const places: number[] = [];
	let matched = 0;
	for (const [index, line] of lines.entries()) {
		while (matched > 0 && line !== needle[matched]) matched = fallback[matched - 1] ?? 0;
		if (line === needle[matched]) matched += 1;
		if (matched === needle.length) {
			places.push(index - matched + 1);
			matched = fallback[matched - 1] ?? 0;
		}
	}
	return places;
}

/** For each length of a partial match, the longest shorter one that ends alike. */
function fallbackTable(needle: readonly string[]): Int32Array {
	const table = new Int32Array(needle.length);
	let length = 0;
	for (let index = 1; index < needle.length; index += 1) {
		while (length > 0 && needle[index] !== needle[length]) length = table[length - 1] ?? 0;
		if (needle[index] === needle[length]) length += 1;
		table[index] = length;
	}
	return table;
}
