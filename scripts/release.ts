// `npm run release -- --dry-run`: makes everything that a version publishes, into release/; without the flag it is tagged too.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { packBundle } from "./hosts/bundle.ts";
import { fetchPackage } from "./hosts/fetch-package.ts";
import { hostFiles } from "./hosts/files.ts";
import { product } from "./hosts/product.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

export interface ReleaseOptions {
	/** Replaced whole. */
	readonly into: string;
	/** Whose ripgrep the bundles hold, one bundle each: `linux-x64`. */
	readonly targets: readonly string[];
}

/** What keeps this tree from being a version, in a sentence each. */
export async function releaseProblems(): Promise<readonly string[]> {
	const problems: string[] = [];
	for (const [path, text] of Object.entries(hostFiles())) {
		const held = await readFile(join(root, "hosts", path), "utf8").catch(() => "");
		if (held !== text) problems.push(`hosts/${path} is not of this version: npm run hosts`);
	}
	if ((await readNotes()) === undefined) problems.push(`CHANGELOG.md has no section "## ${product.version}"`);
	return problems;
}

/** The version's section of the changelog. */
async function readNotes(): Promise<string | undefined> {
	const sections = (await readFile(join(root, "CHANGELOG.md"), "utf8")).split(/^(?=## )/m);
	const own = sections.find((section) => section.startsWith(`## ${product.version}\n`));
	return own?.slice(own.indexOf("\n")).trim();
}

/**
 * Package, bundles, plugin, registry file and notes, all of package.json's version. Needs dist/.
 *
 * @returns the files' names
 */
export async function makeRelease({ into, targets }: ReleaseOptions): Promise<readonly string[]> {
	await rm(into, { recursive: true, force: true });
	await mkdir(into, { recursive: true });
	run("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", into]);
	for (const target of targets) await packBundle({ targets: [target], into, fetch: fetchPackage });
	const plugin = `${product.server}-plugin-${product.version}.tgz`;
	run("tar", ["-czf", join(into, plugin), "-C", join(root, "hosts", "claude-code"), "."]);
	await writeFile(join(into, "server.json"), hostFiles()["server.json"] ?? "");
	const files = (await readdir(into)).sort();
	const sums = await Promise.all(
		files.map(async (name) => {
			const sum = createHash("sha256").update(await readFile(join(into, name)));
			return `${sum.digest("hex")}  ${name}`;
		}),
	);
	const notes = `# ${product.name} ${product.version}\n\n${(await readNotes()) ?? ""}\n\n## Files\n\n\`\`\`\n${sums.join("\n")}\n\`\`\`\n`;
	await writeFile(join(into, "NOTES.md"), notes);
	return [...files, "NOTES.md"];
}

function run(program: string, args: readonly string[]): string {
	return execFileSync(program, args, {
		cwd: root,
		encoding: "utf8",
		stdio: ["ignore", "pipe", "inherit"],
	}).trim();
}

async function release(isDry: boolean, targets: readonly string[]): Promise<void> {
	const tag = `v${product.version}`;
	const changed = run("git", ["status", "--porcelain"]) !== "";
	const wrong = await releaseProblems();
	const problems = [
		...wrong,
		...(changed ? ["the work tree has changes that are in no commit"] : []),
		...(run("git", ["tag", "--list", tag]) === "" ? [] : [`the tag ${tag} is there already`]),
	];
	for (const problem of problems) process.stderr.write(`${problem}\n`);
	if (problems.length > 0 && !isDry) {
		process.exitCode = 1;
		return;
	}
	run("npm", ["run", "--silent", "build"]);
	const into = join(root, "release");
	const files = await makeRelease({ into, targets });
	const say = (words: string) => process.stdout.write(`${words}\n`);
	say(`${product.name} ${product.version}, in release/:\n${files.map((name) => `  ${name}`).join("\n")}`);
	if (!isDry) run("git", ["tag", "--annotate", tag, "--file", join(into, "NOTES.md")]);
	say(
		isDry
			? "\nA dry run: nothing was tagged. To publish, after npm run release:"
			: `\nTagged ${tag}. To publish:`,
	);
	say(`  git push origin ${tag}`);
	say(`  npm publish release/${product.name}-${product.version}.tgz`);
	say("  mcp-publisher publish release/server.json");
	if (wrong.length > 0) process.exitCode = 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const { values } = parseArgs({
		options: { "dry-run": { type: "boolean" }, target: { type: "string", multiple: true } },
	});
	const here = `${process.platform}-${process.arch}`;
	await release(values["dry-run"] === true, values.target ?? [here]);
}
