// Finds all occurrences of a block of lines in linear time.

/**
 * Every index at which `needle` occurs in `lines`, overlapping ones included. Linear in both lengths, also in repetitive
 * files (Knuth, Morris and Pratt, 1977).
 */
export function occurrences(lines: readonly string[], needle: readonly string[]): readonly number[] {
	if (needle.length === 0 || needle.length > lines.length) return [];
	const fallback = fallbackTable(needle);
	const places: number[] = [];
	let matched = 0;
	for (let index = 0; index < lines.length; index += 1) {
		const line = lines[index];
		while (matched > 0 && line !== needle[matched]) matched = fallback[matched - 1] ?? 0;
		if (line === needle[matched]) matched += 1;
		if (matched === needle.length) {
			places.push(index - matched + 1);
			matched = fallback[matched - 1] ?? 0;
		}
	}
	return places;
}

/**
 * Like `occurrences`, for many needles in the same lines: each is searched for where its rarest line occurs.
 */
export function createFinder(lines: readonly string[]): (needle: readonly string[]) => readonly number[] {
	const places = new Map<string, number[]>();
	for (const [index, line] of lines.entries()) {
		const known = places.get(line);
		if (known === undefined) places.set(line, [index]);
		else known.push(index);
	}
	return (needle) => {
		let offset = 0;
		let rarest: readonly number[] | undefined;
		for (const [index, line] of needle.entries()) {
			const known = places.get(line) ?? [];
			if (rarest === undefined || known.length < rarest.length) [offset, rarest] = [index, known];
		}
		if (rarest === undefined) return [];
		if (rarest.length * needle.length > lines.length) return occurrences(lines, needle);
		return rarest
			.map((place) => place - offset)
			.filter((at) => at >= 0 && needle.every((line, index) => line === lines[at + index]));
	};
}

/** For each partial match, the longest shorter one with the same ending. */
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
