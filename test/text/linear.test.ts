import { describe, expect, test } from "vitest";
import { foreign, shortLine } from "../../src/answer/code-line.ts";
import { factsAnswer } from "../../src/answer/facts.ts";
import { renderFacts } from "../../src/answer/markdown.ts";
import { readSections, rewriteHeaders } from "../../src/patch/read/diff-sections.ts";
import { patternOf } from "../../src/production/runs/patterns.ts";
import { DatabaseError, QueryRefused } from "../../src/source/failures/index.ts";
import { endsInside } from "../../src/source/http/json.ts";
import { tokenize } from "../../src/sql/text/tokens.ts";
import { estimateTokens } from "../../src/text/budget.ts";
import { Failure } from "../../src/text/failure.ts";
import { freeText } from "../../src/text/free-text.ts";
import { describeError } from "../../src/text/index.ts";
import { maskPersonal } from "../../src/text/personal.ts";
import { safeText } from "../../src/text/safe.ts";
import { findSecret, maskSecrets } from "../../src/text/secrets.ts";
import * as untrusted from "../../src/text/untrusted.ts";
import { part } from "../part.ts";

const length = 192 * 1024;
const repeat = (seed: string) => seed.repeat(Math.ceil(length / seed.length));

/** Each is what some expression begins to match, over and over, and never ends. */
const hostile: readonly string[] = [
	" ",
	"\t \n",
	"a",
	"A1",
	"-",
	"=",
	"#",
	"`",
	"``` ",
	"x`",
	"\\",
	"\\`",
	"|",
	"<",
	"< / ",
	"</untrusted",
	"![",
	"](",
	"a@",
	"a.",
	"a@a.",
	"://a",
	"://a:b",
	"eyJ",
	"-eyJaaaaaaaaaa",
	"bearer ",
	"Bearer aaaaaaaaaaaaaaaaaaaaa ",
	"sk_live_",
	"-----BEGIN ",
	"password='",
	"signature=a",
	"/reset",
	"/reset/a1",
	"mysql ",
	"recovery codes: [",
	"mnemonic: abc ",
	"4539 ",
	"DE89 3704 ",
	"+1 20 ",
	"firstName='",
	"%25",
	"%40",
	"&amp;",
	'\\\\"',
	`${"MIIE".repeat(16)}\n`,
	'token: "a',
	"0",
	"0.",
	"0a_",
	"a-0",
	"# ,",
	"{",
	'"',
	'["',
	"'",
	"--",
	"/*",
	"(",
	"@@ -1 ",
	"--- a\n+++ b\n",
	"diff --git ",
	"\u001b[",
	"\u202e",
	"\ud800",
	"é",
	"\u{1f468}\u200d",
	"password=",
	"password: a ",
	"token='a",
	"secret-access-key ",
	"apikey",
	"--password ",
	"xoxb-",
	"sk-a-a_",
	"1//0",
	"$2b$12$",
	"$argon2id$v=",
	"pbkdf2:sha256:",
	"{SSHA}",
	"Basic a",
	"authorization: token ",
	"cookie: a=b;",
	"?sig=a&code=",
	" -u a:",
	"hooks.slack.com/services/",
	"12345678:AA",
	"a.aaaaaa.",
	"0123456789abcdef-",
	"Q~a0",
	"---- BEGIN SSH2 PRIVATE KEY ----",
	"a%40",
	"a_@a_.",
	"é@é。",
	"a [at] a [dot] ",
	'"a@',
].map(repeat);

/** Every function through which a stranger's text goes whole. */
const functions: Readonly<Record<string, (text: string) => unknown>> = {
	visible: untrusted.visible,
	visibleLine: untrusted.visibleLine,
	inertMarkdown: untrusted.inertMarkdown,
	inertProse: untrusted.inertProse,
	inertWords: untrusted.inertWords,
	quoteUntrusted: (text) => untrusted.quoteUntrusted(text),
	markedBlock: (text) => untrusted.markedBlock("production", text),
	fencedBlock: (text) => untrusted.fencedBlock(text),
	maskSecrets,
	safeText: (text) => safeText(text, { showPersonalData: false }),
	maskPersonal,
	findSecret,
	freeText: (text) => freeText(text, 200, false),
	shortLine: (text) => shortLine(text, 100_000, 200),
	foreign: (text) => foreign(text),
	estimateTokens,
	renderFacts: (text) => renderFacts({ hint: text, list: [text] }),
	factsAnswer: (text) => factsAnswer({ hint: text }, { showPersonalData: false }),
	"a database's error": (text) => describeError(new DatabaseError(text)),
	"a refusal": (text) => describeError(new QueryRefused(text)),
	patternOf,
	endsInside,
	readSections,
	rewriteHeaders,
	"tokenize, of SQL at its longest": (text) => tokenize(text.slice(0, 10_000)),
};

describe("two hundred thousand characters of what an expression never finishes hangs nothing", () => {
	// Functions take different halves of the texts.
	test.each(Object.entries(functions).map((one, index) => [...one, index] as const))(
		"%s",
		(_, read, index) => {
			for (const text of part(hostile, 2, index)) {
				try {
					read(text);
				} catch (error) {
					// A refusal is an answer; running out of stack, or a fault of ours, is none.
					expect(error).toBeInstanceOf(Failure);
				}
			}
		},
	);
});
