import { execFileSync } from "node:child_process";
import { rgPath } from "@vscode/ripgrep";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileGlob } from "../../src/codebase/find/glob.ts";
import { layOut, temporaryFolder } from "./corpus/lay-out.ts";

const paths = [
	"a.ts",
	"b.ts",
	"ab.ts",
	"a.tsx",
	"src/a.ts",
	"src/b.js",
	"src/deep/a.ts",
	"src/deep/er/b.ts",
	"src/a-b.ts",
	"test/a.ts",
	"a/b/c.ts",
	"a/c.ts",
	"a/b.ts",
	"ba.js",
];
let root: string;
let remove: () => Promise<void>;

beforeAll(async () => {
	({ root, remove } = await temporaryFolder());
	await layOut(root, Object.fromEntries(paths.map((path) => [path, "x"])));
});
afterAll(() => remove());

/** What ripgrep itself takes a glob to mean. */
function byRipgrep(glob: string): readonly string[] {
	try {
		const out = execFileSync(rgPath, ["--no-config", "--files", "--glob", glob, "."], {
			cwd: root,
			encoding: "utf8",
			stdio: ["ignore", "pipe", "ignore"],
		});
		return out
			.split("\n")
			.filter(Boolean)
			.map((path) => path.replace(/^\.\//, ""))
			.sort();
	} catch {
		return [];
	}
}

const matching = (glob: string) => paths.filter(compileGlob(glob)).sort();

test.each([
	"*.ts",
	"src/**",
	"**/a.ts",
	"src/*/a.ts",
	"[ab].ts",
	"[!a]*.ts",
	"{a,b}.ts",
	"?.ts",
	"src/**/*.ts",
	"!*.ts",
	"**/*.{ts,js}",
	"/a.ts",
	"a/**/c.ts",
])("%s means what it means to ripgrep", (glob) => expect(matching(glob)).toEqual(byRipgrep(glob)));

test("a folder means all that is in it", () => {
	expect(matching("src/deep/")).toEqual(["src/deep/a.ts", "src/deep/er/b.ts"]);
	expect(matching("./src/deep/")).toEqual(matching("src/deep/**"));
});

test("globs of simple parts mean what they mean to ripgrep", () => {
	const part = fc.constantFrom("a", "b", "*", "?", "src", "deep", ".ts", "{a,b}", "[ab]", "-");
	const glob = fc
		.tuple(
			fc.array(fc.array(part, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
			fc.boolean(),
		)
		.map(([parts, deep]) => (deep ? "**/" : "") + parts.map((some) => some.join("")).join("/"));
	fc.assert(
		// `**` inside a name means `*` to some and folders to others.
		fc.property(
			// A name without a wildcard means a folder as well, which ripgrep does not take it for.
			glob.filter(
				(text) => !text.replace("**/", "").includes("**") && /[*?[{]/.test(text.replace("**/", "")),
			),
			(text) => {
				expect(matching(text)).toEqual(byRipgrep(text));
			},
		),
		{ numRuns: 60 },
	);
});

test("no glob takes more than length times length steps", () => {
	const path = `${"a".repeat(4000)}.ts`;
	fc.assert(
		fc.property(fc.array(fc.constantFrom("*", "a", "**", "?", "*a", "**/"), { maxLength: 60 }), (parts) => {
			const started = process.cpuUsage();
			compileGlob(`${parts.join("")}b`)(path);
			const { user, system } = process.cpuUsage(started);
			return (user + system) / 1e6 < 1;
		}),
		{ numRuns: 30 },
	);
});
