// What the user is informed of about a database token, before it is used.

import { TokenUnfit } from "../failures/index.ts";
import { problemOf, readToken } from "./token.ts";

/** A token as the settings show it. */
export interface DatabaseClaims {
	/** Why it is not used, in words with what to do about it; undefined where it can be. */
	readonly unfit: TokenUnfit | undefined;
	/** Epoch seconds; undefined: it never expires. */
	readonly expires: number | undefined;
}

/** @param now epoch seconds */
export function judgeToken(token: string, now: number): DatabaseClaims {
	const claims = readToken(token);
	const problem = problemOf(claims, now);
	return {
		unfit: problem === undefined ? undefined : new TokenUnfit(problem),
		expires: claims.expires,
	};
}
