// Classifies files by path: code, test, docs or generated.

/** By conventions of TypeScript, JavaScript, Python and Go. */
export type FileKind = "code" | "test" | "docs" | "generated";

/** In order of relevance. */
export const fileKinds: readonly FileKind[] = ["code", "test", "docs", "generated"];

const testFolders = new Set([
	"test",
	"tests",
	"__tests__",
	"__mocks__",
	"spec",
	"specs",
	"e2e",
	"fixtures",
	"testdata",
	"cypress",
]);
const docFolders = new Set(["doc", "docs", "documentation", "examples"]);
const generatedFolders = new Set([
	"dist",
	"build",
	"out",
	"vendor",
	"third_party",
	"generated",
	"__generated__",
	"gen",
	"coverage",
]);

/** @param path below the repository's root, with `/` between its parts */
export function fileKind(path: string): FileKind {
	const parts = path.toLowerCase().split("/");
	const name = parts.pop() ?? "";
	if (parts.some((part) => generatedFolders.has(part))) return "generated";
	if (
		/\.(min|bundle|generated|gen|pb)\.\w{1,4}$|\.d\.ts$|\.lock$|\.map$|^package-lock\.json$|_pb2?\.\w{2,4}$/.test(
			name,
		)
	) {
		return "generated";
	}
	if (/\.(test|spec|cy|stories)\.\w{1,4}$|^test_.*\.py$|_test\.(py|go)$|^conftest\.py$/.test(name))
		return "test";
	if (parts.some((part) => testFolders.has(part))) return "test";
	if (/\.(md|mdx|rst|txt|adoc)$/.test(name) || parts.some((part) => docFolders.has(part))) return "docs";
	return "code";
}
