// Maps a response of the database's other than 200 to the failure that it means.

import {
	databasePeer,
	RateLimited,
	Redirected,
	ServerFault,
	TokenRejected,
	UnexpectedAnswer,
} from "../failures/index.ts";
import { redirectTarget, waitSeconds } from "../http/answer-headers.ts";
import type { HttpAnswer } from "../http/transport.ts";

/** 404: the protocol is not at this path. */
export class NothingHere extends Error {}

/** The server does not know one of the requests in a pipeline: it is older, or another one that speaks a part of the protocol. */
export class RequestUnknown extends Error {
	/** @param request such as `close` */
	constructor(readonly request: string) {
		super();
	}
}

/** The failure; undefined for a successful response. */
export function failureOf(answer: HttpAnswer, origin: string, nowMs: number): Error | undefined {
	const { status, headers, body } = answer;
	if (status === 200) return undefined;
	if (status >= 300 && status < 400)
		return new Redirected(status, redirectTarget(headers.location, origin), databasePeer);
	const unknown = /unknown variant `(\w{1,40})`/.exec(body.slice(0, 2000))?.[1];
	if ((status === 400 || status === 500) && unknown !== undefined) return new RequestUnknown(unknown);
	switch (status) {
		case 401:
		case 403:
			return new TokenRejected(status);
		case 404:
			return new NothingHere();
		case 429:
			return new RateLimited(waitSeconds(headers, nowMs), nowMs / 1000, databasePeer);
		default:
			return status >= 500
				? serverFault(status, headers, nowMs)
				: new UnexpectedAnswer("status", `HTTP ${status}`, databasePeer);
	}
}

/** A 503 may say when it is over. */
function serverFault(status: number, headers: HttpAnswer["headers"], nowMs: number): ServerFault {
	const wait =
		status === 503 && headers["retry-after"] !== undefined ? waitSeconds(headers, nowMs) : undefined;
	return new ServerFault(status, wait, nowMs / 1000, databasePeer);
}
