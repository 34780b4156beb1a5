// What git ignores is refused and what it tracks is not, in each form that git's index may have.
import { afterEach, expect, test } from "vitest";
import { makeRepository, type TestRepository } from "./repository.ts";

let repository: TestRepository | undefined;
afterEach(() => repository?.remove());

test.each<readonly [string, string, readonly (readonly string[])[]]>([
	["as git writes it", "sha1", []],
	["with shortened names", "sha1", [["update-index", "--index-version", "4"]]],
	["split", "sha1", [["update-index", "--split-index"]]],
	["of a repository with other object names", "sha256", []],
])(
	"an ignored file whose name is a pattern that fits a tracked one is refused: index %s",
	async (_, hash, commands) => {
		repository = await makeRepository({ "a.log": "x\n", "pages/[id].ts": "export {};\n" }, { init: false });
		repository.git("init", "-q", `--object-format=${hash}`);
		await repository.write({ ".gitignore": "*.log\n", "[ab].log": "secret\n", "[id].log": "secret\n" });
		repository.git("add", "--force", "a.log", ".gitignore", "pages");
		for (const command of commands) repository.git(...command);
		const edit = (path: string) => repository?.edit({ path, content: "y\n" });
		await expect(edit("[ab].log")).rejects.toMatchObject({ problem: "ignored" });
		await expect(edit("[id].log")).rejects.toMatchObject({ problem: "ignored" });
		await expect(edit("new.log")).rejects.toMatchObject({ problem: "ignored" });
		expect((await edit("a.log"))?.files.map(({ path }) => path)).toEqual(["a.log"]);
		expect((await edit("pages/[id].ts"))?.files.map(({ path }) => path)).toEqual(["pages/[id].ts"]);
		expect((await edit("pages/[new].ts"))?.files.map(({ path }) => path)).toEqual(["pages/[new].ts"]);
	},
);
