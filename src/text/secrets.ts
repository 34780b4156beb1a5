/**
 * What is shaped like a key or a token is not shown, wherever it came from.
 *
 * This is a courtesy against accidents and not a wall: a secret without a known shape passes. The walls are
 * that secret columns cannot be read at all and that files which hold secrets are not opened.
 *
 * Every expression here is linear: fixed prefixes, one class of characters, bounded repeats.
 */
interface SecretShape {
	readonly kind: string;
	readonly pattern: RegExp;
}

const shapes: readonly SecretShape[] = [
	{
		kind: "private key",
		// To its end; without one in reach, as far as what follows looks like its body.
		pattern:
			/-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----(?:(?:(?!-----)[\s\S]){0,8000}-----END [A-Z ]{0,40}PRIVATE KEY-----|(?:\s|\\[nr]){0,4}[A-Za-z0-9+/=]{32}[A-Za-z0-9+/=\s\\]{0,8000})?/g,
	},
	{ kind: "Skillomatic key", pattern: /\bsk_(?:live|test)_[A-Za-z0-9_-]{8,200}/g },
	{ kind: "API key", pattern: /\bsk-[A-Za-z0-9_-]{16,200}/g },
	{ kind: "Stripe key", pattern: /\b(?:rk|pk|whsec)_(?:live_|test_)?[A-Za-z0-9]{16,200}/g },
	{ kind: "GitHub token", pattern: /\b(?:gh[opsur]_[A-Za-z0-9]{20,255}|github_pat_[A-Za-z0-9_]{20,255})/g },
	{ kind: "GitLab token", pattern: /\bglpat-[A-Za-z0-9_-]{16,200}/g },
	{ kind: "Slack token", pattern: /\bxox[abeoprs]-[A-Za-z0-9-]{10,200}/g },
	{ kind: "AWS access key", pattern: /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g },
	{ kind: "Google API key", pattern: /\bAIza[A-Za-z0-9_-]{30,60}/g },
	{ kind: "Google OAuth token", pattern: /\bya29\.[A-Za-z0-9_-]{20,500}/g },
	{ kind: "npm token", pattern: /\bnpm_[A-Za-z0-9]{30,60}/g },
	{
		kind: "JSON web token",
		pattern: /\beyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{5,1000}/g,
	},
	{ kind: "bearer token", pattern: /\b[Bb]earer [A-Za-z0-9._~+/-]{20,2000}=*/g },
	{ kind: "password in a URL", pattern: /:\/\/[^\s/:@]{1,100}:[^\s/:@]{3,200}@/g },
	{
		kind: "secret value",
		pattern:
			/\b(?:api[_-]?key|secret|token|passw(?:or)?d|client[_-]?secret|access[_-]?key)["']?\s{0,3}[:=]\s{0,3}["'][A-Za-z0-9+/_.~-]{16,500}={0,2}["']/gi,
	},
];

/** Replaces what is shaped like a secret with `[hidden: kind]`. */
export function maskSecrets(text: string): string {
	return shapes.reduce((masked, { kind, pattern }) => masked.replace(pattern, `[hidden: ${kind}]`), text);
}

/** The first thing in `text` that is shaped like a secret: its kind and its 1-based line. */
export function findSecret(text: string): { kind: string; line: number } | undefined {
	let first: { kind: string; index: number } | undefined;
	for (const { kind, pattern } of shapes) {
		// `search` begins at the start, whatever the expression remembers.
		const index = text.search(pattern);
		if (index >= 0 && (first === undefined || index < first.index)) first = { kind, index };
	}
	if (first === undefined) return undefined;
	return { kind: first.kind, line: text.slice(0, first.index).split("\n").length };
}

/**
 * Masks e-mail addresses in free text: `jane@acme.com` becomes `j…@acme.com`.
 * The local part is bounded as RFC 5321 bounds it (64), which keeps the expression linear.
 */
export function maskAddresses(text: string): string {
	return text.replace(
		/([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9][A-Za-z0-9.-]{0,253}\.[A-Za-z]{2,24})\b/g,
		"$1…@$2",
	);
}
