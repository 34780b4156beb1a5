// `npm run setup [-- --prefix FOLDER]`: builds and packs this checkout, and installs its command for this user.

import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import manifest from "../package.json" with { type: "json" };
import { isFresh } from "./stamp.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
/** npm itself as it runs this script; a `.cmd` file cannot be started without a shell. */
const npmScript = process.env.npm_execpath;

function npm(args: readonly string[], cwd = root): string {
	const [program, before] = npmScript === undefined ? ["npm", []] : [process.execPath, [npmScript]];
	return execFileSync(program, [...before, ...args], {
		cwd,
		env: { ...process.env, npm_config_update_notifier: "false" },
		encoding: "utf8",
		stdio: ["ignore", "pipe", "inherit"],
	}).trim();
}

/** npm's own prefix where this user may write to it; else `~/.local`, whose `bin` most systems have on PATH. */
function choosePrefix(named: string | undefined): string {
	if (named !== undefined) return named;
	const own = npm(["prefix", "--global"]);
	const folders = process.platform === "win32" ? [own] : [join(own, "lib", "node_modules"), join(own, "bin")];
	return folders.every(isWritable) ? own : join(homedir(), ".local");
}

/** Of a folder that is not there yet, whether it could be made. */
function isWritable(folder: string): boolean {
	const parent = dirname(folder);
	if (!existsSync(folder)) return parent !== folder && isWritable(parent);
	try {
		accessSync(folder, constants.W_OK);
		return true;
	} catch {
		return false;
	}
}

/** Installed from the package, not linked: the command goes on working when the checkout changes. */
function install(prefix: string): string {
	const folder = mkdtempSync(join(tmpdir(), "setup-"));
	try {
		npm(["pack", "--ignore-scripts", "--silent", "--pack-destination", folder]);
		const packed = join(folder, `${manifest.name}-${manifest.version}.tgz`);
		const quiet = ["--prefer-offline", "--no-audit", "--no-fund", "--silent"];
		npm(["install", "--global", "--prefix", prefix, ...quiet, packed], folder);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
	return process.platform === "win32" ? prefix : join(prefix, "bin");
}

function isOnPath(folder: string): boolean {
	const real = (path: string) => {
		try {
			return realpathSync(path);
		} catch {
			return undefined;
		}
	};
	// npm puts the project's own programs before the user's; they are not on the user's PATH.
	const folders = (process.env.PATH ?? "").split(delimiter).filter((path) => !path.startsWith(root));
	return folders.some((path) => real(path) === real(folder));
}

const { values } = parseArgs({ options: { prefix: { type: "string" } } });
const say = (words: string) => process.stdout.write(`${words}\n`);
const prefix = choosePrefix(values.prefix);
if (!(await isFresh(root))) {
	say("Building");
	npm(["run", "--silent", "build"]);
}
say(`Installing into ${prefix}`);
const folder = install(prefix);
const program = join(
	prefix,
	...(process.platform === "win32" ? [] : ["lib"]),
	"node_modules",
	manifest.name,
	"dist",
	`${manifest.name}.js`,
);
const run = (args: readonly string[]) =>
	execFileSync(process.execPath, [program, ...args], { cwd: root, encoding: "utf8" }).trim();
say(`Installed ${manifest.name} ${run(["--version"])} in ${folder}`);
say(`To remove it: npm uninstall --global --prefix "${prefix}" ${manifest.name}`);
if (!isOnPath(folder))
	say(
		`\n${folder} is not on your PATH. Add it, in the file that your shell reads:\n\n  export PATH="${folder}:$PATH"`,
	);
say(`\n${run(["attach"])}`);
