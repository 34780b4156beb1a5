// The size of one answer, in tokens and characters.

/**
 * The size of one answer. Hosts cut off larger results or write them to a file, and every token is paid for
 * on every call.
 */
export const maxTokens = 10_000;
export const maxCharacters = 48_000;

/**
 * How many tokens a text costs: an upper estimate that needs no vocabulary.
 *
 * Byte-pair vocabularies (o200k) split text where letters, digits and signs meet. Words come out at four to
 * five characters a token, letters that make no word (few vowels, changing case) at little more than one,
 * digits at three, signs at one to two, and what is outside ASCII at one for each byte at most. The tests
 * hold this against the real tokenizer.
 */
export function estimateTokens(text: string): number {
	let tokens = 0;
	for (const [run] of text.matchAll(/[A-Za-z]+|[0-9]+| +|[^\sA-Za-z0-9]+|\s+/g)) {
		const first = run.charCodeAt(0);
		if (isLetter(first)) tokens += letterTokens(run);
		else if (first >= 0x30 && first <= 0x39) tokens += Math.ceil(run.length / 3);
		else if (first === 0x20) tokens += run.length > 1 ? 1 : 0;
		else if (/[^\0-\x7f]/.test(run)) tokens += Math.ceil(Buffer.byteLength(run) * 0.6);
		else tokens += Math.ceil(run.length * (/^[",:[\]{}|.]+$/.test(run) ? 0.34 : 0.7));
	}
	return tokens;
}

function letterTokens(run: string): number {
	const changes = (run.match(/[a-z][A-Z]/g) ?? []).length;
	const vowels = (run.match(/[aeiouyAEIOUY]/g) ?? []).length;
	const isWord = run.length <= 4 || (vowels / run.length >= 0.25 && run.length <= 24);
	return isWord ? Math.ceil(run.length / 5) + changes : Math.ceil(run.length * 0.8);
}

function isLetter(code: number): boolean {
	return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** Kept free for the line that tells of waits (`waits.ts`), which is added last. */
const reserved = { tokens: 100, characters: 300 };

/** Whether an answer of this text fits. @param share of an answer's size, 0 to 1 */
export function fits(text: string, share = 1): boolean {
	return (
		text.length <= share * (maxCharacters - reserved.characters) &&
		estimateTokens(text) <= share * (maxTokens - reserved.tokens)
	);
}

/**
 * The longest answer that fits: `build` makes it with so many rows, and must say what it left out.
 *
 * @param rows how many there are
 * @param sizeOf every text that the answer carries, each of which has to fit
 * @param share of an answer's size, 0 to 1
 */
export function fitRows<T>(
	rows: number,
	build: (rows: number) => T,
	sizeOf: (answer: T) => readonly string[],
	share = 1,
): T {
	const fitsAll = (answer: T) => sizeOf(answer).every((text) => fits(text, share));
	const whole = build(rows);
	if (fitsAll(whole)) return whole;
	let low = 0;
	let high = rows - 1;
	while (low < high) {
		const middle = Math.ceil((low + high) / 2);
		if (fitsAll(build(middle))) low = middle;
		else high = middle - 1;
	}
	return build(low);
}
