// Shares and changes in percent, with one decimal.

export function percent(part: number, whole: number): number {
	return Math.round((1000 * part) / whole) / 10;
}

/** `43.6 %` */
export function percentWords(part: number, whole: number): string {
	return `${percent(part, whole).toFixed(1)} %`;
}

/** The change against a previous count; undefined when that was 0. */
export function changePercent(count: number, previous: number): number | undefined {
	return previous === 0 ? undefined : percent(count - previous, previous);
}
