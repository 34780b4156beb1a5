// Secrets of every shape, made up here and put together from parts, so that no scanner takes them for a leak.

const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const hexDigits = "0123456789abcdef";

/** As random as a key: the same for the same seed. */
function random(length: number, alphabet: string, seed = length): string {
	let state = seed * 2654435761 + 12345;
	let made = "";
	while (made.length < length) {
		state = (Math.imul(state, 1103515245) + 12345) >>> 0;
		made += alphabet.charAt((state >>> 8) % alphabet.length);
	}
	return made;
}

const word = (length: number, seed?: number) =>
	random(length, `${lower}${lower.toUpperCase()}${digits}`, seed);
const hex = (length: number, seed?: number) => random(length, hexDigits, seed);
const url = (length: number, seed?: number) =>
	random(length, `${lower}${lower.toUpperCase()}${digits}_-`, seed);
const uuid = [hex(8), hex(4), hex(4, 5), hex(4, 6), hex(12)].join("-");
const jwt = (parts: number) =>
	["ey" + "JhbGciOiJIUzI1NiJ9", "ey" + "JzdWIiOiIxMjM0NTY3ODkwIn0", url(43)].slice(0, parts).join(".");
const pem = (kind: string, between: string) =>
	[`-----BEGIN ${kind}-----`, word(64, 1), word(64, 2), `-----END ${kind}-----`].join(between);
const base64 = (text: string) => Buffer.from(text).toString("base64");

/** Tokens that are whole secrets: nothing of them may be seen. By what they are. */
export const tokens: Readonly<Record<string, string>> = {
	skillomatic: `sk_${"live"}_${hex(48)}`,
	"OpenAI, old": `sk-${word(48)}`,
	"OpenAI project": `sk-${"proj"}-${url(120)}`,
	Anthropic: `sk-${"ant"}-api03-${url(93)}AA`,
	OpenRouter: `sk-${"or"}-v1-${hex(64)}`,
	"an sk- of letters": `sk-${random(32, lower)}`,
	Groq: `gs${"k"}_${word(52)}`,
	"Hugging Face": `h${"f"}_${word(34)}`,
	Replicate: `r${"8"}_${word(37)}`,
	Perplexity: `pp${"lx"}-${word(48)}`,
	xAI: `xa${"i"}-${word(80)}`,
	"GitHub, classic": `gh${"p"}_${word(36)}`,
	"GitHub, fine-grained": `github_${"pat"}_${word(22)}_${word(59)}`,
	"GitHub, server": `gh${"s"}_${word(36)}`,
	GitLab: `gl${"pat"}-${url(20)}`,
	"GitLab runner": `gl${"rt"}-${url(20)}`,
	npm: `np${"m"}_${word(36)}`,
	PyPI: `py${"pi"}-AgEIcHlwaS5vcmc${url(120)}`,
	Docker: `dckr_${"pat"}_${url(27)}`,
	"Slack bot": `xox${"b"}-2345678901-2345678901234-${word(24)}`,
	"Slack client": `xox${"c"}-2345678901-2345678901-2345678901-${hex(64)}`,
	"Slack cookie": `xox${"d"}-${word(40)}%2B${word(20)}%3D%3D`,
	"Slack refresh": `xox${"e"}-1-${word(60)}`,
	"Slack rotated": `xox${"e"}.xox${"p"}-1-${word(60)}`,
	"Slack app": `xap${"p"}-1-A012ABCDEFG-2345678901234-${hex(64)}`,
	"Slack webhook": `hooks.slack.${"com"}/services/T0${"ABCDEFG"}/B0${"ABCDEFG"}/${word(24)}`,
	"Discord webhook": `discord.${"com"}/api/webhooks/${random(18, digits)}/${url(68)}`,
	"Discord bot": `M${word(25)}.${word(6)}.${url(38)}`,
	Telegram: `${random(10, "123456789")}:A${"A"}${url(33)}`,
	"AWS key id": `AK${"IA"}${random(16, `${lower.toUpperCase()}234567`)}`,
	"AWS session key id": `AS${"IA"}${random(16, `${lower.toUpperCase()}234567`)}`,
	"Google API key": `AI${"za"}${url(35)}`,
	"Google access token": `ya${"29"}.a0${url(160)}`,
	"Google refresh token": `1/${"/0"}${url(60)}`,
	"Google client secret": `GOC${"SPX"}-${url(28)}`,
	"Azure client secret": `${word(3)}8Q${"~"}${word(34)}`,
	"Stripe secret": `sk_${"live"}_${word(24)}`,
	"Stripe restricted": `rk_${"live"}_${word(24)}`,
	"Stripe webhook": `whs${"ec"}_${word(32)}`,
	SendGrid: `S${"G"}.${url(22)}.${url(43)}`,
	Mailgun: `ke${"y"}-${hex(32)}`,
	"Mailgun, new": `${hex(32)}-${hex(8)}-${hex(8, 9)}`,
	Mailchimp: `${hex(32)}-us${"12"}`,
	Brevo: `xkey${"sib"}-${hex(64)}-${word(16)}`,
	Resend: `r${"e"}_${word(8)}_${word(24)}`,
	Twilio: `S${"K"}${hex(32)}`,
	DigitalOcean: `dop_${"v1"}_${hex(64)}`,
	Shopify: `shp${"at"}_${hex(32)}`,
	"Notion, old": `secre${"t"}_${word(43)}`,
	Notion: `nt${"n"}_${word(46)}`,
	Linear: `lin_${"api"}_${word(40)}`,
	Figma: `fig${"d"}_${url(40)}`,
	Airtable: `pa${"t"}${word(14)}.${hex(64)}`,
	HubSpot: `pa${"t"}-na1-${uuid}`,
	Atlassian: `ATAT${"T3"}xFfGF0${url(180)}`,
	Databricks: `dap${"i"}${hex(32)}`,
	Grafana: `gls${"a"}_${word(32)}_${hex(8)}`,
	Sentry: `sntr${"ys"}_${word(80)}`,
	"New Relic": `NR${"AK"}-${random(27, lower.toUpperCase() + digits)}`,
	Vault: `hv${"s"}.${word(90)}`,
	Doppler: `dp.${"pt"}.${word(43)}`,
	Terraform: `${word(14)}.atlas${"v1"}.${word(67)}`,
	Supabase: `sb${"p"}_${hex(40)}`,
	PlanetScale: `pscale_${"tkn"}_${url(43)}`,
	Netlify: `nf${"p"}_${word(40)}`,
	Postman: `PM${"AK"}-${hex(24)}-${hex(34)}`,
	Square: `sq0${"atp"}-${url(22)}`,
	Plaid: `acces${"s"}-production-${uuid}`,
	PayPal: `access_${"token"}$production$${random(16, lower + digits)}$${hex(32)}`,
	Mapbox: `s${"k"}.ey${"J"}1Ijoi${word(40)}.${url(22)}`,
	"JSON web token": jwt(3),
	"JSON web token, cut off": jwt(2),
	"JSON web token, encrypted": [jwt(1), "", url(16), url(60), url(22)].join("."),
	"RSA key": pem(["RSA", "PRIVATE", "KEY"].join(" "), "\n"),
	"OpenSSH key in JSON": pem(["OPENSSH", "PRIVATE", "KEY"].join(" "), "\\n"),
	"EC key, CRLF": pem(["EC", "PRIVATE", "KEY"].join(" "), "\r\n"),
	"PGP key": pem(["PGP", "PRIVATE", "KEY", "BLOCK"].join(" "), "\n"),
	"age key": `AGE-SECRET-${"KEY"}-1${random(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`,
	bcrypt: `$2${"b"}$12$${word(53)}`,
	argon2: `$argon${"2id"}$v=19$m=65536,t=3,p=4$${word(22)}$${word(43)}`,
	"scrypt, Werkzeug": `scryp${"t"}:32768:8:1$${word(16)}$${hex(128)}`,
	"scrypt, crypt(3)": `$scryp${"t"}$ln=16,r=8,p=1$${word(22)}$${word(43)}`,
	"PBKDF2, Django": `pbkdf2_${"sha256"}$600000$${word(22)}$${base64(word(32))}`,
	"SHA-512 crypt": `$${"6"}$${word(16)}$${word(86)}`,
	LDAP: `{SS${"HA"}}${base64(word(24))}`,
};

/** Texts with a secret in them, and the part that must not be seen. */
export const named: readonly (readonly [text: string, secret: string])[] = [
	["Authorization: Bearer abc123def456ghi789", "abc123def456ghi789"],
	["BEARER abc123def456ghi789", "abc123def456ghi789"],
	['{"authorization":"bearer abc123def456ghi789"}', "abc123def456ghi789"],
	[`Basic ${base64("admin:hunter2")}`, base64("admin:hunter2")],
	[`authorization: basic ${base64("svc:Tr0ub4dor&3")}`, base64("svc:Tr0ub4dor&3")],
	["Authorization: token abc123def456ghi789", "abc123def456ghi789"],
	["X-Api-Key: 9f8e7d6c5b4a39281706", "9f8e7d6c5b4a39281706"],
	["api_key=abcd1234efgh5678", "abcd1234efgh5678"],
	["apikey: 'abcd1234efgh5678'", "abcd1234efgh5678"],
	['"apiKey": "abcd1234efgh5678"', "abcd1234efgh5678"],
	["GET /v1/jobs?access_token=q1w2e3r4t5 failed", "q1w2e3r4t5"],
	["https://x.example/cb?state=1&refresh_token=zxcvbn12345#top", "zxcvbn12345"],
	["https://x.example/cb?api_key=letmeinplease", "letmeinplease"],
	["callback?redirect=/a&client_secret%3Dq1w2e3r4t5", "q1w2e3r4t5"],
	["https://blob.example/c?sv=2022&sig=aB3%2Fxyz%2Bq9Kk%3D", "aB3%2Fxyz%2Bq9Kk%3D"],
	["s3?X-Amz-Signature=0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"],
	["password=hunter2", "hunter2"],
	["password=swordfish host=db", "swordfish"],
	["Password: hunter2", "hunter2"],
	['{"password": "Sup3r-Secret!"}', "Sup3r-Secret!"],
	['{\\"password\\":\\"hunter2\\"}', "hunter2"],
	["pwd=S3cret!", "S3cret!"],
	["passwd: q1w2e3", "q1w2e3"],
	["DB_PASSWORD=correct1horse", "correct1horse"],
	["PGPASSWORD=correct1horse psql", "correct1horse"],
	["userPassword = 'hunter2'", "hunter2"],
	["the password is hunter2", "hunter2"],
	["secret: abc123def456", "abc123def456"],
	["client_secret=q1w2e3r4t5y6", "q1w2e3r4t5y6"],
	["AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG/bPxRfiCYz1", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYz1"],
	["SECRET_KEY_BASE=0123456789abcdef0123", "0123456789abcdef0123"],
	["mysql --password hunter2 -h db", "hunter2"],
	["deploy --token=abcd1234 --force", "abcd1234"],
	["curl -u admin:hunter2 https://x.example", "hunter2"],
	["<password>hunter2</password>", "hunter2"],
	["CREATE USER x IDENTIFIED BY 'hunter2'", "hunter2"],
	["AccountName=x;AccountKey=Zm9vYmFyMTIzNDU2Nzg5MA==;EndpointSuffix=core", "Zm9vYmFyMTIzNDU2Nzg5MA=="],
	["Server=db;User Id=sa;Password=Pa55w0rd;Encrypt=true", "Pa55w0rd"],
	["password_hash: 5f4dcc3b5aa765d61d8327deb882cf99", "5f4dcc3b5aa765d61d8327deb882cf99"],
	["Cookie: session=s3cr3t0123456789; theme=dark", "s3cr3t0123456789"],
	["Set-Cookie: sid=0a1b2c3d4e5f; Path=/; HttpOnly", "0a1b2c3d4e5f"],
	["connect.sid=s%3Aabcdef.ghijkl", "s%3Aabcdef.ghijkl"],
	["postgres://admin:s3cretpass@db.example.com/x", "s3cretpass"],
	["postgres://u:p@h", ":p@"],
	["redis://:hunter2@cache:6379/0", "hunter2"],
	["mongodb+srv://u:p%40ss@cluster0.example.net", "p%40ss"],
	["https://user:p@ss@host.example/path", "p@ss"],
	["postgres[:]//admin:s3cretpass[@]db", "s3cretpass"],
	["https://0123456789abcdef0123456789abcdef@sentry.example/1", "0123456789abcdef0123456789abcdef"],
	[`request_token%3Dsk-${word(30)}`, word(30)],
];

/** Addresses, and how they are shown. */
export const addresses: readonly (readonly [text: string, shown: string])[] = [
	["jane.doe@acme.com", "j…@acme.com"],
	["jane+tag@mail.acme.co.uk", "j…@mail.acme.co.uk"],
	["jörg@acme.com", "j…@acme.com"],
	["Ольга@пример.рф", "О…@пример.рф"],
	["用户@例子.公司", "用…@例子.公司"],
	["jane@bücher.example", "j…@bücher.example"],
	["jane@xn--bcher-kva.example", "j…@xn--bcher-kva.example"],
	["jane@acme.xn--p1ai", "j…@acme.xn--p1ai"],
	["jane%40acme.com", "j…%40acme.com"],
	["jane&#64;acme.com", "j…&#64;acme.com"],
	["jane&#x40;acme.com", "j…&#x40;acme.com"],
	["jane&commat;acme.com", "j…&commat;acme.com"],
	["jane\\u0040acme.com", "j…\\u0040acme.com"],
	["jane%2540acme.com", "j…%2540acme.com"],
	["jane＠acme.com", "j…＠acme.com"],
	["ｊａｎｅ＠ａｃｍｅ．ｃｏｍ", "ｊ…＠ａｃｍｅ．ｃｏｍ"],
	["jane@mail_host.acme.com", "j…@mail_host.acme.com"],
	["jane[@]acme.com", "j…[@]acme.com"],
	["jane [at] acme [dot] com", "j… [at] acme [dot] com"],
	["jane (at) acme.com", "j… (at) acme.com"],
	['"jane doe"@acme.com', "…@acme.com"],
	["o'brien@acme.com", "o…@acme.com"],
	["<jane@acme.com>, bob@x.co!", "<j…@acme.com>, b…@x.co!"],
	["mailto:jane@acme.com?subject=x", "mailto:j…@acme.com?subject=x"],
];
