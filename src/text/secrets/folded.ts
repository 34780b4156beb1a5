// A text as its reader takes it: escapes of signs undone, wide letters plain, what cannot be seen left out.

/** What folding made of a text, and where each of its places stands in the text. */
export interface Folded {
	readonly text: string;
	readonly original: (at: number) => number;
}

/** HTML's names of the signs that part a name from its value, or a person from a host. */
const entities: Readonly<Record<string, string>> = {
	quot: '"',
	apos: "'",
	commat: "@",
	amp: "&",
	lt: "<",
	gt: ">",
	colon: ":",
	equals: "=",
	period: ".",
};

/**
 * ASCII as URLs, HTML and JSON escape it, escaped again or not; quotation marks of JSON within JSON within JSON; full-width and
 * small forms; characters that are not seen, and what this server shows in their place.
 */
const foldable = new RegExp(
	[
		"%(?:25){0,3}(?<percent>[2-7][0-9a-f])",
		`&(?:amp;){0,3}(?:(?<name>${Object.keys(entities).join("|")})|#0{0,4}(?<decimal>\\d{2,3})|#x0{0,4}(?<hex>[2-7][0-9a-f]));`,
		"\\\\{1,8}(?:u00|x)(?<unicode>[2-7][0-9a-f])",
		"\\\\{3,15}(?=[\"'`])",
		"(?<wide>[\\uff01-\\uff5e\\ufe50-\\ufe6b])",
		"(?<stop>[\\u3002\\uff61])",
		"\\p{Default_Ignorable_Code_Point}|\\p{Bidi_Control}",
		"\\\\u\\{(?:ad|34f|61c|180[b-f]|200[b-f]|202[a-e]|206[0-9a-f]|fe0[0-9a-f]|feff|e0[01][0-9a-f]{2})\\}",
	].join("|"),
	"giu",
);

/** What may begin a part that is folded: most texts have none. */
const begins = /[%&\\\u00ad-\uffff]/;
/** Whether a part may be, all forms of letters and signs of other scripts aside. */
const isFolded = new RegExp(
	[
		"%(?!20|2c)(?:25){0,3}[2-7][0-9a-f]",
		"&(?:#|[a-z]{2,6};)",
		"\\\\(?:u00|x)[2-7]",
		"\\\\{3}[\"'`]",
		"\\\\u\\{",
		"[\u00ad\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3002\u3164]",
		"[\u034f\u061c\ufe00-\ufe0f\ufe50-\ufe6b\ufeff\uff01-\uff61\uffa0\ufff0-\ufff8\udb40]",
	].join("|"),
	"i",
);

/** Undefined for a text that reads as it is written. */
export function folded(text: string): Folded | undefined {
	if (!begins.test(text) || !isFolded.test(text)) return undefined;
	let reading = "";
	let end = 0;
	const breaks: { readonly folded: number; readonly original: number }[] = [];
	for (const match of text.matchAll(foldable)) {
		reading += text.slice(end, match.index) + meant(match.groups ?? {});
		end = match.index + match[0].length;
		breaks.push({ folded: reading.length, original: end });
	}
	if (end === 0) return undefined;
	const original = (at: number) => {
		const { folded: from, original: to } = breaks[lastBefore(breaks, at)] ?? { folded: 0, original: 0 };
		return to + at - from;
	};
	return { text: reading + text.slice(end), original };
}

function meant({
	percent,
	name,
	decimal,
	hex,
	unicode,
	wide,
	stop,
}: Readonly<Record<string, string>>): string {
	if (name !== undefined) return entities[name.toLowerCase()] ?? "";
	if (wide !== undefined) return wide.normalize("NFKC");
	if (stop !== undefined) return ".";
	if (decimal !== undefined) return String.fromCharCode(Number(decimal));
	const code = percent ?? hex ?? unicode;
	return code === undefined ? "" : String.fromCharCode(Number.parseInt(code, 16));
}

/** The last of the breaks at or before a place; -1 where it is before all. */
function lastBefore(breaks: readonly { readonly folded: number }[], at: number): number {
	let low = 0;
	let high = breaks.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((breaks[middle]?.folded ?? 0) <= at) low = middle + 1;
		else high = middle;
	}
	return low - 1;
}
