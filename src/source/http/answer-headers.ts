// What a response's headers say: where it redirects, how long to wait.

/** Origin and path of a redirect, without its query. */
export function redirectTarget(location: string | undefined, origin: string): string | undefined {
	if (location === undefined || !URL.canParse(location, origin)) return undefined;
	const target = new URL(location, origin);
	return `${target.origin}${target.pathname}`;
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3); the API's own header is in seconds. */
export function waitSeconds(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
	const after = headers["retry-after"]?.trim() ?? headers["x-ratelimit-reset"]?.trim() ?? "";
	if (/^\d{1,9}$/.test(after)) return Number(after);
	// Some proxies write the instant as Unix seconds.
	if (/^\d{10}$/.test(after)) return Math.max(0, Math.ceil(Number(after) - nowMs / 1000));
	// A date by RFC 9110 begins with the day's name; Date.parse accepts much else.
	const until = /^[A-Z][a-z]{2}, /.test(after) ? Date.parse(after) : Number.NaN;
	const saidNow = Date.parse(headers.date ?? "");
	const wait = Math.ceil((until - (Number.isNaN(saidNow) ? nowMs : saidNow)) / 1000);
	return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
