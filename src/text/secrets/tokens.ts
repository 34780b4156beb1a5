// Keys and tokens that begin as their issuer makes them begin: found by that beginning, then held to the whole shape.

import { escapesIn, type FoundSecret } from "./found.ts";

/** A kind, how it begins (parted by spaces), and what follows, in a form that is matched at that place. */
type TokenRow = readonly [kind: string, signs: string, rest: RegExp];

/** Words of prose have no digit, and no 20 letters without a break: `sk-learn-pipeline` is not a key. */
const afterSk =
	/(?:(?:ant|proj|svcacct|admin|or|lf|ANT|PROJ|SVCACCT|ADMIN|OR|LF)-[A-Za-z0-9_-]{12,300}|(?:[A-Za-z0-9]{1,15}[-_]){0,4}(?=[A-Za-z]{0,60}[A-Z0-9]|[a-z]{20})[A-Za-z0-9]{12,200}[A-Za-z0-9_-]{0,200})/y;
const word20 = /[A-Za-z0-9]{20,255}/y;
const text10 = /[A-Za-z0-9_-]{10,300}/y;
const text20 = /[A-Za-z0-9_-]{20,400}/y;
const any20 = /[A-Za-z0-9_.+/=%-]{20,600}/y;
const hex32 = /[0-9a-fA-F]{32}(?![A-Za-z0-9])/y;
const hexes = /[0-9a-fA-F]{16,80}/y;
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/y;
const capitals16 = /[A-Z0-9]{16}(?![A-Za-z0-9])/y;
/** Has a digit: names of constraints and tests do not, as a rule. */
const mixed16 = /(?=[A-Za-z]{0,60}[0-9])[A-Za-z0-9]{16,200}/y;

const rows: readonly TokenRow[] = [
	["Skillomatic key", "sk_live_ sk_test_", /[A-Za-z0-9_-]{8,200}/y],
	["API key", "sk-", afterSk],
	["API key", "sk_", /[0-9a-f]{40,64}(?![A-Za-z0-9])/y],
	["API key", "gsk_ hf_ api_org_ r8_ pplx- xai- fw_ jina_ csk- esecret_ tgp_v1_ crsr_ wandb_v1_", word20],
	["API key", "tvly- nvapi- pcsk_ lsv2_pt_ lsv2_sk_ ls__ signkey-prod- unkey_ polar_ AQ.Ab", text20],
	["API key", "fc- e2b_ dapi", hexes],
	["API key", "pk-lf- sdk- mob- api- waka_ FLWSECK-", uuid],
	["session token", "sess-", /[A-Za-z0-9]{32,80}/y],
	["Stripe key", "rk_live_ rk_test_ pk_live_ pk_test_ rk_ pk_ whsec_", mixed16],
	["Stripe key", "pi_ seti_ cs_ src_", /[A-Za-z0-9]{10,40}_secret_[A-Za-z0-9]{10,60}/y],
	["GitHub token", "ghp_ gho_ ghu_ ghs_ ghr_ github_pat_", /[A-Za-z0-9_]{20,255}/y],
	[
		"GitLab token",
		"glpat- gldt- glrt- glcbt- glptt- glft- glsoat- glimt- glagent- gloas- glffct- GR1348941",
		/[A-Za-z0-9_.-]{16,300}/y,
	],
	[
		"Slack token",
		"xoxa- xoxb- xoxc- xoxd- xoxe- xoxo- xoxp- xoxr- xoxs- xwfp-",
		/[A-Za-z0-9%._+/=-]{10,600}/y,
	],
	["Slack token", "xoxe.", /xox[a-z]-[A-Za-z0-9-]{10,600}/y],
	["Slack token", "xapp-", /\d-[A-Za-z0-9-]{10,300}/y],
	["webhook", "hooks.slack.com/", /(?:services|workflows|triggers)\/[A-Za-z0-9_/-]{10,200}/y],
	["webhook", "discord.com/api/webhooks/ discordapp.com/api/webhooks/", /\d{5,25}\/[A-Za-z0-9_-]{20,200}/y],
	["webhook", "webhook.office.com/", /[A-Za-z0-9_@./-]{20,400}/y],
	["AWS access key", "AKIA ASIA ABIA ACCA", capitals16],
	["AWS access key", "ABSK", /[A-Za-z0-9+/]{60,300}={0,2}/y],
	["AWS access key", "amzn.mws.", uuid],
	["Google API key", "AIza", /[A-Za-z0-9_-]{30,60}/y],
	["Google OAuth token", "ya29.", /[A-Za-z0-9_.-]{20,2000}/y],
	["Google OAuth token", "1//0", text20],
	["Google client secret", "GOCSPX-", /[A-Za-z0-9_-]{16,80}/y],
	["cloud key", "LTAI AKID", /(?=[A-Za-z]{0,60}[0-9])[A-Za-z0-9]{16,40}/y],
	["npm token", "npm_", /[A-Za-z0-9]{30,60}/y],
	["package token", "pypi-AgE dckr_pat_ dckr_oat_", /[A-Za-z0-9_-]{10,400}/y],
	["package token", "rubygems_", hexes],
	["package token", "oy2", /[a-z0-9]{43}(?![A-Za-z0-9])/y],
	["package token", "AKCp", /[A-Za-z0-9]{40,120}/y],
	["SendGrid key", "SG.", /[A-Za-z0-9_-]{10,60}\.[A-Za-z0-9_-]{10,120}/y],
	["Mailgun key", "key- pubkey-", hex32],
	["mail key", "xkeysib- xsmtpsib-", /[A-Za-z0-9-]{20,120}/y],
	["mail key", "re_", /(?=[A-Za-z_]{0,60}[0-9])[A-Za-z0-9]{6,14}_[A-Za-z0-9]{16,40}/y],
	["Twilio key", "SK AC", /[0-9a-f]{32}(?![A-Za-z0-9])/y],
	["DigitalOcean token", "dop_v1_ doo_v1_ dor_v1_", hexes],
	["Shopify token", "shpat_ shpss_ shpca_ shppa_ shptka_", hexes],
	["Notion token", "ntn_", word20],
	["Notion token", "secret_", /(?=[A-Za-z]{0,60}[0-9])[A-Za-z0-9]{32,60}/y],
	["Linear token", "lin_api_ lin_oauth_ lin_wh_", word20],
	["Figma token", "figd_ figo_ figu_ figr_", text20],
	["Airtable token", "pat", /[A-Za-z0-9]{14}\.[0-9a-f]{30,64}/y],
	["HubSpot token", "pat-", /(?:na|eu|ap)\d-[0-9a-f-]{30,40}/y],
	["Atlassian token", "ATATT3 ATCTT3 ATSTT3 ATBB", /[A-Za-z0-9_=+/.-]{16,400}/y],
	["Asana token", "1/ 2/ 0/", /\d{10,20}(?:\/\d{10,20})?:[0-9a-f]{32}/y],
	["Square token", "sq0atp- sq0csp- sq0idp- EAAA", /[A-Za-z0-9_-]{20,120}/y],
	["Facebook token", "EAA", /[A-Za-z0-9]{40,400}/y],
	["PayPal token", "access_token$", /(?:production|sandbox)\$[0-9a-z]{10,30}\$[0-9a-f]{32}/y],
	["payment token", "access-", /(?:sandbox|development|production)-[0-9a-f-]{36}/y],
	["payment token", "live_ rzp_live_ rzp_test_ shippo_live_ shippo_test_ duffel_live_ EZAK EZTK", mixed16],
	["payment token", "pdl_live_ pdl_sdbx_", text20],
	["database token", "pscale_tkn_ pscale_pw_ pscale_oauth_ napi_ sbp_ sb_secret_", /[A-Za-z0-9_.-]{16,200}/y],
	[
		"hosting token",
		"nfp_ vcp_ vci_ vca_ vcr_ vck_ rnd_ HRKU- CCIPAT_ bkua_ cfat_ cfut_ cfk_ ddp_ tskey-",
		text10,
	],
	["hosting token", "fm2_ fo1_", any20],
	["hosting token", "vercel_blob_rw_", text20],
	["hosting token", "pul-", hexes],
	["hosting token", "v1.0-", /[0-9a-f]{24}-[0-9a-f]{60,200}/y],
	["monitoring token", "glc_ glsa_ sntrys_ sntryu_ sntrya_ hcaik_ hcalk_ eyJrIjoi", any20],
	["monitoring token", "dt0c01. dt0s01. dt0s02. dt0s08.", /[A-Z2-7]{24}\.[A-Z2-7]{64}/y],
	["monitoring token", "NRAK- NRJS- NRII- NRAA- phx_ xaat- xapt-", /[A-Za-z0-9-]{16,80}/y],
	["vault token", "hvs. hvb. hvr.", text20],
	["vault token", "dp.", /(?:pt|st|ct|sa|scim|audit)\.(?:[A-Za-z0-9_-]{2,35}\.)?[A-Za-z0-9]{30,60}/y],
	["vault token", "ops_eyJ", /[A-Za-z0-9_-]{20,2000}/y],
	["service token", "CFPAT- PMAK- rdme_ tfp_ dG9rOi tr_dev_ tr_prod_", text20],
	["service token", "sl.", /[A-Za-z0-9_.-]{60,2000}/y],
	["service token", "00D", /[A-Za-z0-9]{12,15}![A-Za-z0-9_.]{20,200}/y],
	["service token", "1000.", /[0-9a-f]{32}\.[0-9a-f]{32}/y],
	["service token", "SSWS ", /[A-Za-z0-9_-]{20,100}/y],
	["service token", "AAAAAAAAAAAAAAAAAAAAA", /[A-Za-z0-9%]{30,200}/y],
	["service token", "pk.eyJ sk.eyJ tk.eyJ", /[A-Za-z0-9_-]{16,400}\.[A-Za-z0-9_-]{10,100}/y],
	["private key", "LS0tLS1CRUdJTiB", /(?!D|QVU)[A-Za-z0-9+/=]{40,20000}/y],
	["private key", "AGE-SECRET-KEY-1", /[A-Za-z0-9]{20,80}/y],
	[
		"JSON web token",
		"eyJ",
		// What is cut off behind its second part is one too.
		/[A-Za-z0-9_-]{10,2000}\.(?:eyJ[A-Za-z0-9_-]{2,4000}|[A-Za-z0-9_-]{0,4000}\.[A-Za-z0-9_-]{5,4000})(?:\.[A-Za-z0-9_-]{0,4000}){0,3}/y,
	],
];

interface Token {
	readonly sign: string;
	readonly kind: string;
	readonly rest: RegExp;
}

/** By the first two characters; the longest beginning first, since it tells most. */
const byStart = new Map<string, Token[]>();
for (const [kind, signs, rest] of rows) {
	for (const sign of signs.split(/ (?=\S)/)) {
		const start = sign.slice(0, 2).toLowerCase();
		byStart.set(start, [...(byStart.get(start) ?? []), { sign, kind, rest }]);
	}
}
for (const tokens of byStart.values()) tokens.sort((one, other) => other.sign.length - one.sign.length);

/** Every beginning that is not a longer form of another one; in order, so that the engine shares what they share. */
const anySign = shortest([...byStart.values()].flat().map(({ sign }) => sign))
	.map((sign) => sign.replace(/[.$/]/g, "\\$&"))
	.join("|");
/** Where a word begins: this is looked at first, since most places are inside of one. */
const atWord = new RegExp(`(?<![A-Za-z0-9])(?:${anySign})`, "gi");
const atPlace = new RegExp(anySign, "iy");

/** Every key or token with a known beginning, in order. */
export function findTokens(text: string): readonly FoundSecret[] {
	const found: FoundSecret[] = [];
	let end = 0;
	for (const from of beginnings(text)) {
		const token = from < end ? undefined : tokenAt(text, from);
		if (token === undefined) continue;
		found.push(token);
		end = token.to;
	}
	return found;
}

/** In order; one may stand within another. */
function beginnings(text: string): readonly number[] {
	const places: number[] = [];
	atWord.lastIndex = 0;
	for (let match = atWord.exec(text); match !== null; match = atWord.exec(text)) {
		places.push(match.index);
		atWord.lastIndex = match.index + 1;
	}
	const inWords = escapesIn(text).filter((at) => {
		atPlace.lastIndex = at;
		return atPlace.test(text);
	});
	return inWords.length === 0 ? places : [...places, ...inWords].sort((one, other) => one - other);
}

function tokenAt(text: string, from: number): FoundSecret | undefined {
	for (const { sign, kind, rest } of byStart.get(text.slice(from, from + 2).toLowerCase()) ?? []) {
		const begins = text.startsWith(sign, from);
		// A query may have changed its letter case; then only what has a digit and is long is not a word.
		const stands = begins || text.slice(from, from + sign.length).toLowerCase() === sign.toLowerCase();
		rest.lastIndex = from + sign.length;
		if (!stands || !rest.test(text)) continue;
		const to = rest.lastIndex;
		if (begins || (to - from >= 20 && /[0-9]/.test(text.slice(from + sign.length, to)))) {
			return { kind, from, to };
		}
	}
	return undefined;
}

/** In order, longer forms of a beginning follow it: one look back is enough. */
function shortest(signs: readonly string[]): readonly string[] {
	const kept: string[] = [];
	for (const sign of signs.toSorted()) {
		const before = kept.at(-1);
		if (before === undefined || !sign.startsWith(before)) kept.push(sign);
	}
	return kept;
}
