// Maps a response other than 200 to the failure that it means.

import {
	DatabaseError,
	KeyRejected,
	NotSuperAdmin,
	QueryRefused,
	RateLimited,
	Redirected,
	ServerFault,
	TableNotListed,
	UnexpectedAnswer,
} from "../failures/index.ts";
import { parseJson } from "../http/json.ts";
import type { HttpAnswer } from "../http/transport.ts";
import { errorAnswer } from "./answers.ts";

/** 404: no route at this prefix. */
export class NothingHere extends Error {}

/** The failure; undefined for a successful response. */
export function failureOf(answer: HttpAnswer, origin: string, nowMs: number): Error | undefined {
	const { status, headers, body } = answer;
	if (status === 200) return undefined;
	if (status >= 300 && status < 400) return new Redirected(status, redirectTarget(headers.location, origin));
	const error = errorAnswer.safeParse(parseJson(body)).data?.error;
	const said = error?.message ?? "";
	// A proxy may respond with these too; then they say nothing about the key or the query.
	if ((status === 400 || status === 401 || status === 403) && error === undefined) {
		return new UnexpectedAnswer("status", `HTTP ${status} without the API's own error`);
	}
	switch (status) {
		case 400:
			return error?.code === "INVALID_TABLE" ? new TableNotListed(said) : new QueryRefused(said);
		case 401:
			return new KeyRejected();
		case 403:
			return new NotSuperAdmin();
		case 404:
			return new NothingHere();
		case 429:
			return new RateLimited(waitSeconds(headers, nowMs), nowMs / 1000);
		case 500:
			return error === undefined ? new ServerFault(500) : new DatabaseError(said);
		default:
			return status > 500
				? serverFault(status, headers, nowMs)
				: new UnexpectedAnswer("status", `HTTP ${status}`);
	}
}

/** A 503 may say when it is over. */
function serverFault(status: number, headers: HttpAnswer["headers"], nowMs: number): ServerFault {
	const wait = headers["retry-after"] === undefined ? undefined : waitSeconds(headers, nowMs);
	return status === 503 && wait !== undefined
		? new ServerFault(status, wait, nowMs / 1000)
		: new ServerFault(status);
}

function redirectTarget(location: string | undefined, origin: string): string | undefined {
	if (location === undefined || !URL.canParse(location, origin)) return undefined;
	const target = new URL(location, origin);
	return `${target.origin}${target.pathname}`;
}

/** `Retry-After` is seconds or a date (RFC 9110, 10.2.3); the API's own header is in seconds. */
function waitSeconds(headers: Readonly<Record<string, string>>, nowMs: number): number | undefined {
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
