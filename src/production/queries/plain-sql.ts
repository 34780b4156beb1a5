// Takes off what models put around SQL: a fence of Markdown, or the language's name.

const space = "[ \\t\\r\\n]*";
const fence = new RegExp(
	`^${space}(\`{3,}|~{3,})[ \\t]*[A-Za-z0-9_-]{0,20}[ \\t]*\\r?\\n?(.*?)${space}\\1${space};?${space}$`,
	"s",
);
const quotes = new RegExp(`^${space}\`([^\`]*)\`${space}$`, "s");
const label = new RegExp(`^${space}(?:sql|sqlite)[: \\t\\r\\n]${space}(.*)$`, "is");

/** The SQL inside; the text itself where nothing stands around it, to the character. */
export function plainSql(given: string): string {
	const fenced = fence.exec(given)?.[2];
	if (fenced !== undefined) return fenced;
	const inside = quotes.exec(given)?.[1] ?? label.exec(given)?.[1];
	return inside !== undefined && /^[ \t\r\n]*(?:select|with|values)\b/i.test(inside) ? inside : given;
}
