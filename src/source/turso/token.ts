// Whether a database token may only read: judged from its claims, before anything is asked with it.

/** Why a token is not used. */
export type TokenProblem =
	| { readonly is: "not_a_jwt" }
	/** `held`: the claim as it stands; undefined where it is missing, which lets the token write. */
	| { readonly is: "not_read_only"; readonly held: string | undefined }
	/** Another claim grants more than reading. */
	| { readonly is: "grants_more"; readonly claim: string }
	| { readonly is: "expiry_unclear" }
	/** @param at epoch seconds */
	| { readonly is: "expired"; readonly at: number };

/** What a token says of itself. */
export interface TokenClaims {
	/** What keeps it from being used at any time. */
	readonly problem: TokenProblem | undefined;
	/** Epoch seconds; undefined: it never expires. */
	readonly expires: number | undefined;
}

/** The actions of fine-grained permissions that are not reading (https://docs.turso.tech/sdk/authorization/fine-grained-permissions). */
const writingAction = /\b(?:data_(?:add|update|delete)|schema_(?:add|update|delete))\b/;

/** Deeper than any token's claims. */
const maxDepth = 8;

/**
 * Reads a token. The signature is the server's business: what counts here is that a token which may write is never sent.
 *
 * libSQL's server takes a token without `a` for one that may write, and where there is a claim `p`, it does not look
 * at `a` at all (libsql-server, user_auth_strategies/jwt.rs): `p` may then grant `ro` alone.
 */
export function readToken(token: string): TokenClaims {
	const claims = claimsOf(token);
	if (claims === undefined) return { problem: { is: "not_a_jwt" }, expires: undefined };
	const { a, p, exp } = claims;
	const expires = typeof exp === "number" && Number.isFinite(exp) ? exp : undefined;
	const found = (problem: TokenProblem): TokenClaims => ({ problem, expires });
	if (a !== "ro")
		return found({ is: "not_read_only", held: a === undefined ? undefined : String(JSON.stringify(a)) });
	if (p !== undefined && p !== null && !grantsReadingOnly(p)) return found({ is: "grants_more", claim: "p" });
	const writing = Object.entries(claims).find(([, value]) => mentionsWriting(value, maxDepth));
	if (writing !== undefined) return found({ is: "grants_more", claim: writing[0] });
	if (exp !== undefined && exp !== null && expires === undefined) return found({ is: "expiry_unclear" });
	return { problem: undefined, expires };
}

/** @param now epoch seconds */
export function problemOf({ problem, expires }: TokenClaims, now: number): TokenProblem | undefined {
	if (problem !== undefined) return problem;
	return expires !== undefined && expires <= now ? { is: "expired", at: expires } : undefined;
}

function claimsOf(token: string): Readonly<Record<string, unknown>> | undefined {
	const parts = token.split(".");
	if (parts.length !== 3 || !parts.every((part) => /^[\w-]+$/.test(part))) return undefined;
	const [header, payload] = parts.map(jsonOf);
	return isObject(header) && isObject(payload) ? payload : undefined;
}

function jsonOf(part: string): unknown {
	try {
		return JSON.parse(Buffer.from(part, "base64url").toString("utf8"));
	} catch {
		return undefined;
	}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function grantsReadingOnly(granted: unknown): boolean {
	return (
		isObject(granted) && Object.entries(granted).every(([name, scopes]) => name === "ro" || scopes === null)
	);
}

/** What is nested deeper than any claim counts as writing: it is not understood. */
function mentionsWriting(value: unknown, depth: number): boolean {
	if (typeof value === "string") return writingAction.test(value);
	if (typeof value !== "object" || value === null) return false;
	if (depth === 0) return true;
	return Object.entries(value).some(
		([name, inner]) => writingAction.test(name) || mentionsWriting(inner, depth - 1),
	);
}
