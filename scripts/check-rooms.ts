// Checks the rooms: no rising imports, no import cycles, no imports past a door, no file without a room.

import { readdir, readFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** From the bottom to the top: a room imports only from those before it. */
export const floors = [
	"src/text",
	"src/system",
	"src/episodes",
	"src/verify",
	"src/visual",
	"src/sql",
	"src/source",
	"src/codebase",
	"src/patch",
	"src/production",
	"src/cause",
	"src/cases",
	"src/config",
	"src/repositories.ts",
	"src/services.ts",
	"src/answer",
	"src/report",
	"src/watch",
	"src/mcp",
	"tools",
	"src/sandbox",
	"src/cli",
	"src/main.ts",
] as const;
export type Room = (typeof floors)[number];

/** External modules that only certain rooms may import: network, machine, protocol. */
export const keptTo: Readonly<Record<string, readonly Room[]>> = {
	"node:child_process": ["src/system"],
	"node:http": ["src/sandbox"],
	"node:fs": ["src/system", "src/cli", "src/codebase", "src/patch", "src/mcp", "src/sandbox", "src/config"],
	"@modelcontextprotocol/": ["src/mcp"],
	"@sqlite.org/": ["src/system"],
	undici: ["src/source"],
	"web-tree-sitter": ["src/codebase"],
};

interface Import {
	readonly from: string;
	/** A path below the root, or a module's name. */
	readonly to: string;
}

async function sources(): Promise<readonly string[]> {
	const found = await Promise.all(
		["src", "tools"].map(async (folder) =>
			(await readdir(join(root, folder), { recursive: true })).map((name) =>
				posix.join(folder, name.replaceAll("\\", "/")),
			),
		),
	);
	return found
		.flat()
		.filter((path) => /\.c?ts$/.test(path) && !path.includes("/fixtures/"))
		.sort();
}

/** Type imports count too. */
async function importsOf(path: string): Promise<readonly Import[]> {
	const text = await readFile(join(root, path), "utf8");
	const statements =
		/^(?:import|export)\s[^"';]*?from\s+"([^"]+)"|^import\s+"([^"]+)"|\bimport\("([^"]+)"\)/gm;
	return [...text.matchAll(statements)].map(([, named, bare, dynamic]) => {
		const target = named ?? bare ?? dynamic ?? "";
		return { from: path, to: target.startsWith(".") ? posix.join(posix.dirname(path), target) : target };
	});
}

/** @returns undefined for a file without a room: a new room needs a floor first */
function floorOf(path: string): number | undefined {
	const floor = floors.findIndex((room) => path === room || path.startsWith(`${room}/`));
	return floor === -1 ? undefined : floor;
}

function isRising({ from, to }: Import): boolean {
	const [above, below] = [floorOf(from), floorOf(to)];
	return above !== undefined && below !== undefined && above < below;
}

function isPastDoor({ from, to }: Import): boolean {
	const floor = floorOf(to);
	if (floor === undefined || floor === floorOf(from)) return false;
	const room = floors[floor] ?? "";
	return to !== room && to !== `${room}/index.ts`;
}

function isStray({ from, to }: Import): boolean {
	const room = floors[floorOf(from) ?? -1];
	return Object.entries(keptTo).some(
		([name, rooms]) =>
			(to === name || to.startsWith(name.endsWith("/") ? name : `${name}/`)) &&
			!rooms.some((allowed) => allowed === room),
	);
}

/** One cycle for each file at which a walk along the imports returns to its own trail. */
function circles(imports: readonly Import[]): readonly string[] {
	const next = new Map<string, Import[]>();
	for (const one of imports) next.set(one.from, [...(next.get(one.from) ?? []), one]);
	const done = new Set<string>();
	const found: string[] = [];
	const walk = (path: string, trail: readonly string[]) => {
		const back = trail.indexOf(path);
		if (back !== -1) found.push([...trail.slice(back), path].join(" -> "));
		if (back !== -1 || done.has(path)) return;
		for (const { to } of next.get(path) ?? []) walk(to, [...trail, path]);
		done.add(path);
	};
	for (const path of next.keys()) walk(path, []);
	return found;
}

async function check(): Promise<void> {
	const files = await sources();
	const imports = (await Promise.all(files.map(importsOf))).flat();
	const arrow = ({ from, to }: Import) => `${from} -> ${to}`;
	const faults: Readonly<Record<string, readonly string[]>> = {
		"files without a room": files.filter((path) => floorOf(path) === undefined),
		"rising imports": imports.filter(isRising).map(arrow),
		"import cycles": circles(imports),
		"imports past a door": imports.filter(isPastDoor).map(arrow),
		"imports of what another room keeps": imports.filter(isStray).map(arrow),
	};
	console.log(
		`${files.length} files, ${imports.length} imports: ${Object.entries(faults)
			.map(([name, found]) => `${name} ${found.length}`)
			.join(", ")}`,
	);
	for (const [name, found] of Object.entries(faults))
		for (const fault of found) console.error(`${name}: ${fault}`);
	process.exitCode = Object.values(faults).some((found) => found.length > 0) ? 1 : 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await check();
