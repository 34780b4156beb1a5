// Checks the API key and the rate limit before the routes.

import { randomBytes } from "node:crypto";
import { type ApiAnswer, failure } from "./api.ts";

/** Random for this run. */
export interface SandboxKeys {
	readonly superAdmin: string;
	readonly ordinary: string;
}

export interface Passage {
	/** Headers of every response. */
	readonly headers: Readonly<Record<string, string>>;
	/** The refusal; undefined for a super admin within the limit. */
	readonly refusal: ApiAnswer | undefined;
}

export class Gate {
	readonly keys: SandboxKeys = { superAdmin: makeKey(), ordinary: makeKey() };
	readonly #limiter: FixedWindow;

	/** @param rateLimit requests a minute and key */
	constructor(private readonly rateLimit: number) {
		this.#limiter = new FixedWindow(rateLimit);
	}

	/** @param authorization the request's header */
	pass(authorization: string | undefined): Passage {
		const key = /^Bearer (\S+)$/.exec(authorization ?? "")?.[1];
		const use = this.#limiter.use(key ?? "none");
		const headers = {
			"cache-control": "no-store, no-cache, must-revalidate, private",
			"x-ratelimit-limit": String(this.rateLimit),
			"x-ratelimit-remaining": String(use.remaining),
			"x-ratelimit-reset": String(use.resetSeconds),
		};
		if (!use.allowed) {
			return {
				headers: { ...headers, "retry-after": String(use.resetSeconds) },
				refusal: tooMany(use.resetSeconds),
			};
		}
		return { headers, refusal: this.#refuse(key) };
	}

	#refuse(key: string | undefined): ApiAnswer | undefined {
		switch (key) {
			case this.keys.superAdmin:
				return undefined;
			case this.keys.ordinary:
				return failure(403, "Database query access requires super admin privileges", "FORBIDDEN");
			case undefined:
				return failure(401, "Missing or invalid API key");
			default:
				return failure(401, "Invalid or revoked API key");
		}
	}
}

function makeKey(): string {
	return `sk_live_${randomBytes(24).toString("hex")}`;
}

function tooMany(retryAfter: number): ApiAnswer {
	const message = "Too many requests. Please try again later.";
	return { status: 429, body: { error: { message, code: "RATE_LIMIT_EXCEEDED", retryAfter } } };
}

const windowSeconds = 60;

/** Counts requests per key in fixed windows; a window starts with its first request. */
class FixedWindow {
	readonly #windows = new Map<string, { ends: number; used: number }>();

	constructor(private readonly limit: number) {}

	use(key: string): { allowed: boolean; remaining: number; resetSeconds: number } {
		const now = performance.now();
		let window = this.#windows.get(key);
		if (window === undefined || window.ends <= now) {
			window = { ends: now + windowSeconds * 1000, used: 0 };
			this.#windows.set(key, window);
		}
		window.used += 1;
		return {
			allowed: window.used <= this.limit,
			remaining: Math.max(0, this.limit - window.used),
			resetSeconds: Math.ceil((window.ends - now) / 1000),
		};
	}
}
