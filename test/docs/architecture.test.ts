// docs/architecture.md against the code: the picture of the rooms, and a reason for every dependency.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { roomsPicture } from "../../scripts/rooms-picture.ts";

const page = readFileSync("docs/architecture.md", "utf8");

test("the picture of the rooms is what the script draws (else: npm run picture)", () => {
	expect(readFileSync("docs/rooms.svg", "utf8")).toBe(roomsPicture());
});

test("every dependency has a reason, and each reason its dependency", () => {
	const manifest: {
		readonly dependencies: Readonly<Record<string, string>>;
		readonly devDependencies: Readonly<Record<string, string>>;
	} = JSON.parse(readFileSync("package.json", "utf8"));
	const table = page.slice(page.indexOf("| dependency | why |"));
	const named = [...table.matchAll(/^\| (`[^|]+`) \|/gm)].flatMap(([, cell = ""]) =>
		cell.split(", ").map((name) => name.replaceAll("`", "")),
	);
	const installed = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
	// Types of a package go with the package.
	expect(named.sort()).toEqual(installed.filter((name) => !name.startsWith("@types/")).sort());
});
