// E-mail addresses in free text are masked: `jane@acme.com` becomes `j…@acme.com`.

import { folded } from "./secrets/folded.ts";

/** As it is typed, as people hide it, and as we make it inert; how it is escaped is folded away. */
const at = "@|\\[@\\]| ?[\\[(] ?at ?[\\])] ?";
/** Of any script; underscores occur in hosts, though not in DNS. */
const label = "[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_-]{0,62}";
const dot = "(?:\\.| ?[\\[(] ?dot ?[\\])] ?)";
/** Not a version (`next@15.0.0-canary.rc`) and not an image for dense screens (`icon@2x.png`). */
const name = `(?!\\d{1,5}\\.\\d|\\dx\\.)${label}(?:${dot}${label}){0,8}?${dot}(?:\\p{L}[\\p{L}\\p{M}]{1,23}|xn--[A-Za-z0-9-]{2,59})(?![\\p{L}\\p{M}])`;
/** Or an address literal (RFC 5321, section 4.1.3). */
const domain = `(?:${name}|\\[(?:IPv6:)?[0-9a-f:.]{3,45}\\])`;
const host = new RegExp(`(?:${at})(?=${domain})`, "giu");
/** The local part's characters, without those that quote it or part it from a sentence; 64 is RFC 5321's bound. */
const local = /(?:[\p{L}\p{N}][\p{L}\p{N}\p{M}._%+'’&=~!#$*^?-]{0,63}|"[^"\n]{1,64}")$/u;
const signs = /[@＠﹫]|40|64;|commat|[[(] ?at/i;

/** Masks e-mail addresses in free text. The first character stays, so that two people can be distinguished. */
export function maskAddresses(text: string): string {
	if (text.length < 6 || !signs.test(text)) return text;
	const { text: reading, original } = folded(text) ?? { text, original: (place: number) => place };
	let masked = "";
	let shown = 0;
	let end = 0;
	for (const match of reading.matchAll(host)) {
		const before = local.exec(reading.slice(Math.max(end, match.index - 66), match.index));
		if (before === null) continue;
		const [whole] = before;
		// The user of every clone over SSH is nobody.
		if (whole === "git") continue;
		const from = match.index - whole.length;
		const first = whole.startsWith('"') ? 0 : String.fromCodePoint(whole.codePointAt(0) ?? 0).length;
		masked += `${text.slice(shown, original(from + first))}…`;
		shown = original(match.index);
		end = match.index;
	}
	return masked + text.slice(shown);
}
