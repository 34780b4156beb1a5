// Writes an incident's history as a git repository.

import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import type { Incident } from "./suspects-incident.ts";

const people = ["Ada Lind", "Ben Okafor", "Chloe Marsh", "Dev Patel", "Eva Novak"];

type Planted = Pick<Incident, "base" | "baseAt" | "commits">;

/** @returns the commits' hashes, in their order */
export function writeRepository(folder: string, incident: Planted): readonly string[] {
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(folder, { recursive: true });
	const git = (args: readonly string[], input?: string) =>
		execFileSync("git", ["-C", folder, ...args], {
			stdio: ["pipe", "pipe", "ignore"],
			maxBuffer: 64 * 1024 * 1024,
			env: { PATH: process.env.PATH ?? "", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" },
			...(input === undefined ? {} : { input }),
		}).toString("utf8");
	git(["-c", "init.defaultBranch=main", "init", "--quiet"]);
	git(["fast-import", "--quiet", "--done"], streamOf(incident));
	git(["reset", "--hard", "--quiet", "main"]);
	const marks = git(["log", "--no-merges", "--reverse", "--topo-order", "--format=%H %b", "main"]);
	const byNumber = new Map(
		[...marks.matchAll(/^([0-9a-f]{40}) Number: (\d+)/gm)].map(([, id, number]) => [
			Number(number),
			id ?? "",
		]),
	);
	return incident.commits.map((_, index) => byNumber.get(index) ?? "");
}

function streamOf({ base, baseAt, commits }: Planted): string {
	const parts: string[] = [];
	let mark = 0;
	const write = (
		ref: string,
		at: number,
		message: string,
		parents: readonly number[],
		changes: Iterable<readonly [string, string | null]>,
	) => {
		mark += 1;
		const who = `${people[mark % people.length]} <dev@example.com> ${at} +0000`;
		parts.push(`commit ${ref}\nmark :${mark}\nauthor ${who}\ncommitter ${who}\n${data(message)}`);
		for (const [index, parent] of parents.entries())
			parts.push(`${index === 0 ? "from" : "merge"} :${parent}\n`);
		for (const [path, text] of changes) {
			parts.push(text === null ? `D ${path}\n` : `M 100644 inline ${path}\n${data(text)}`);
		}
		return mark;
	};
	const branched = new Map<string, string | null>();
	let main = write("refs/heads/main", baseAt, "Begin", [], base);
	let side: { readonly tip: number; readonly at: number } | undefined;
	for (const [index, { subject, changes, at, isOnBranch }] of commits.entries()) {
		const message = `${subject}\n\nNumber: ${index}\n`;
		if (side !== undefined && !isOnBranch) {
			main = write("refs/heads/main", side.at, "Merge branch 'side'", [main, side.tip], branched);
			branched.clear();
			side = undefined;
		}
		if (!isOnBranch) main = write("refs/heads/main", at, message, [main], changes);
		else {
			side = { tip: write("refs/heads/side", at, message, [side?.tip ?? main], changes), at };
			for (const [path, text] of changes) branched.set(path, text);
		}
	}
	if (side !== undefined)
		write("refs/heads/main", side.at, "Merge branch 'side'", [main, side.tip], branched);
	return `${parts.join("")}done\n`;
}

function data(text: string): string {
	return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
