// E-mail addresses in free text are masked: `jane@acme.com` becomes `j…@acme.com`.

/** As it is typed, as URLs (encoded twice, too), JSON, HTML and East Asian keyboards have it, as people hide it, and as we make it inert. */
const at =
	"@|%(?:25)?40|\\\\(?:u00|x)40|&(?:amp;)?(?:#0{0,4}64|#[xX]0{0,4}40|commat);|[＠﹫]|\\[@\\]| ?[\\[(] ?at ?[\\])] ?";
/** Of any script; underscores occur in hosts, though not in DNS. */
const label = "[\\p{L}\\p{N}_][\\p{L}\\p{N}\\p{M}_-]{0,62}";
const dot = "(?:[.．。]| ?[\\[(] ?dot ?[\\])] ?)";
/** Not a version (`next@15.0.0-canary.rc`) and not an image for dense screens (`icon@2x.png`). */
const domain = `(?!\\d{1,5}\\.\\d|\\dx\\.)${label}(?:${dot}${label}){0,8}?${dot}(?:\\p{L}[\\p{L}\\p{M}]{1,23}|xn--[A-Za-z0-9-]{2,59})(?![\\p{L}\\p{M}])`;
const host = new RegExp(`(?:${at})(?=${domain})`, "giu");
/** The local part's characters, without those that quote it or part it from a sentence; 64 is RFC 5321's bound. */
const local = /(?:[\p{L}\p{N}][\p{L}\p{N}\p{M}._%+'’&=~!#$*^?-]{0,63}|"[^"\n@]{1,64}")$/u;
const signs = /@|%(?:25)?40|\\(?:u00|x)40|64;|40;|commat|[＠﹫]|[[(] ?at/i;

/** Masks e-mail addresses in free text. The first character stays, so that two people can be distinguished. */
export function maskAddresses(text: string): string {
	if (text.length < 6 || !signs.test(text)) return text;
	let masked = "";
	let shown = 0;
	for (const match of text.matchAll(host)) {
		const before = local.exec(text.slice(Math.max(shown, match.index - 66), match.index));
		if (before === null) continue;
		const [whole] = before;
		const first = whole.startsWith('"') ? "" : String.fromCodePoint(whole.codePointAt(0) ?? 0);
		masked += `${text.slice(shown, match.index - whole.length)}${first}…`;
		shown = match.index;
	}
	return masked + text.slice(shown);
}
