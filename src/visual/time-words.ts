// Formats instants and spans for people, in UTC.

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** A tick's label: the time of day, and at midnight the day. UTC. */
export function clock(instant: Date): string {
	const isMidnight = instant.getUTCHours() === 0 && instant.getUTCMinutes() === 0;
	return isMidnight ? day(instant) : timeOfDay(instant);
}

/** A span in words, `to` excluded: `23 Nov 14:00 to 15:00 UTC`. @param from epoch seconds */
export function spanWords(from: number, to: number): string {
	const [first, last] = [new Date(from * 1000), new Date(to * 1000)];
	const sameDay = day(first) === day(last);
	return `${moment(first)} to ${sameDay ? timeOfDay(last) : moment(last)} UTC`;
}

/** A span with its years: `23 Nov 2026 14:00 to 24 Nov 2026 14:00`. @param from epoch seconds */
export function datedSpan(from: number, to: number): string {
	const dated = (instant: Date) => `${day(instant)} ${instant.getUTCFullYear()} ${timeOfDay(instant)}`;
	return `${dated(new Date(from * 1000))} to ${dated(new Date(to * 1000))}`;
}

/** `23 Nov 14:00 UTC`. @param at epoch seconds */
export function instantWords(at: number): string {
	return `${moment(new Date(at * 1000))} UTC`;
}

/** `23 Nov 14:00`. */
function moment(instant: Date): string {
	return `${day(instant)} ${timeOfDay(instant)}`;
}

function day(instant: Date): string {
	return `${instant.getUTCDate()} ${months[instant.getUTCMonth()]}`;
}

function timeOfDay(instant: Date): string {
	return instant.toISOString().slice(11, 16);
}
