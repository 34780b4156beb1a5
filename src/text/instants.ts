// Instants and windows as text.

/** Every instant in every answer: ISO 8601, UTC, to the second. @param seconds since the epoch */
export function isoInstant(seconds: number): string {
	const instant = new Date(Math.floor(seconds) * 1000);
	// A client's row may be dated beyond what a date can hold.
	return Number.isNaN(instant.getTime()) ? `epoch ${seconds}` : `${instant.toISOString().slice(0, -5)}Z`;
}

/** A resolved window, as every answer echoes it. */
export function windowWords(window: { readonly from: number; readonly to: number }): {
	since: string;
	until: string;
} {
	return { since: isoInstant(window.from), until: isoInstant(window.to) };
}
