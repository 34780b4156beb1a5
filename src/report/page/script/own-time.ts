// Shows instants in the reader's own time zone, beside UTC.

const format = new Intl.DateTimeFormat("en-GB", {
	day: "numeric",
	month: "short",
	hour: "2-digit",
	minute: "2-digit",
});
const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });

/** Whether the reader's clock showed UTC then. @param at epoch seconds */
function isUtc(at: number): boolean {
	return new Date(at * 1000).getTimezoneOffset() === 0;
}

function instant(at: number): string {
	return format.format(new Date(at * 1000)).replace(",", "");
}

/** A span, `to` excluded; undefined where it would repeat UTC. @param from epoch seconds */
export function ownSpan(from: number, to: number): string | undefined {
	if (isUtc(from) && isUtc(to)) return undefined;
	const [first, last] = [new Date(from * 1000), new Date(to * 1000)];
	const sameDay = first.toDateString() === last.toDateString();
	return `${instant(from)} to ${sameDay ? clock.format(last) : instant(to)}, your time`;
}

/** Beside each instant in a sentence; tables keep UTC alone. */
export function ownTimes(): void {
	for (const time of document.querySelectorAll("time")) {
		const at = Date.parse(time.dateTime) / 1000;
		if (time.closest("table") !== null || Number.isNaN(at) || isUtc(at)) continue;
		const own = document.createElement("span");
		own.className = "own";
		own.textContent = ` (${instant(at)}, your time)`;
		time.after(own);
	}
	for (const zone of document.querySelectorAll<HTMLElement>("[data-zone]")) {
		if (isUtc(Date.parse(zone.dataset.zone ?? "") / 1000)) continue;
		zone.textContent = `Your time zone: ${Intl.DateTimeFormat().resolvedOptions().timeZone}. Charts and tables are in UTC.`;
	}
}
