// A repository whose code, file names, commits, authors, branch and tags hold secrets.

import { type TestRepository, testRepository } from "../../codebase/repository.ts";
import { plantedNow } from "./production.ts";
import type { Planter } from "./secrets.ts";

export interface PlantedRepository extends TestRepository {
	/** A file whose name is a secret. */
	readonly oddFile: string;
}

export async function plantRepository(planter: Planter): Promise<PlantedRepository> {
	const at = (minutes: number) => new Date(1000 * (plantedNow - 60 * minutes)).toISOString();
	const oddFile = `src/${planter.plantName("a file's name")}.ts`;
	const lines = Array.from(
		{ length: 12 },
		// The kinds before those of addresses, which stay as they are in code.
		(_, kind) => `\t// call ${kind}: ${planter.plant(`code, kind ${kind}`, kind)}`,
	);
	const raising = `throw new AppError("LLM_RATE_LIMITED", ${JSON.stringify(planter.plant("a raising line", 0))});`;
	const source = (name: string) =>
		[
			`export function ${name}(): void {`,
			...lines,
			`\tif (limit === "${planter.plant("a condition", 3)}") {`,
			`\t\t${raising}`,
			"\t}",
			"}",
			"",
		].join("\n");
	const repository = await testRepository({
		"src/limit.ts": source("limit"),
		[oddFile]: source("odd"),
		"docs/codes.md": `# LLM_RATE_LIMITED\n${planter.plant("docs", 4)}\n`,
		"test/limit.test.ts": `test("LLM_RATE_LIMITED", () => expect("${planter.plant("a test", 1)}"));\n`,
	});
	repository.git("checkout", "--quiet", "-b", `fix/${planter.plantName("a branch's name")}`);
	const author = `user.name=${planter.plant("an author's name", 0)}`;
	const email = `user.email=${planter.plant("an author's address", 12)}`;
	repository.git("add", "--all");
	repository.git(
		"-c",
		author,
		"-c",
		email,
		"commit",
		"--quiet",
		"--date",
		at(300),
		"--message",
		planter.plant("a subject", 3),
	);
	await repository.write({
		"src/gone.ts": `throw new AppError("ATS_TIMEOUT", "${planter.plant("a removed line", 5)}");\n`,
	});
	repository.commit(`add ${planter.plant("a subject", 0)}`, at(200));
	repository.git("rm", "--quiet", "src/gone.ts");
	repository.commit(`remove ${planter.plant("a subject", 6)}`, at(60));
	await repository.write({ "src/limit.ts": `${source("limit")}// ${planter.plant("a newer line", 7)}\n` });
	repository.commit(`change ${planter.plant("a subject", 2)}`, at(45));
	repository.git("tag", planter.plantName("a tag's name"));
	return { ...repository, oddFile };
}
