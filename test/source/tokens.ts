// Database tokens for tests: JWTs as Turso makes them, signed by nobody.

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A token with these claims. */
export function tokenOf(claims: Readonly<Record<string, unknown>>): string {
	return [part({ alg: "EdDSA", typ: "JWT" }), part(claims), "c2lnbmF0dXJl"].join(".");
}

/** In 2100: no test's clock is beyond it. */
export const farExpiry = 4_102_444_800;

export const readOnlyToken = tokenOf({ a: "ro", exp: farExpiry, iat: 1_700_000_000, id: "db-1" });
