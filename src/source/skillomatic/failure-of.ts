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
import { redirectTarget, waitSeconds } from "../http/answer-headers.ts";
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
