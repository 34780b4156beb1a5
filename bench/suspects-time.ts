/**
 * How long suspect_commits and show_commit take over stdio in a large repository: `npx tsx bench/suspects-time.ts
 * [commits] [files]`, 10,000 of each by default. Needs the built server.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSandbox } from "../src/sandbox/server.ts";
import { median } from "./figures.ts";
import { openHost } from "./plain-host.ts";
import { table } from "./suspects-judge.ts";
import { randomNumbers } from "./world-random.ts";

const code = "LLM_RATE_LIMITED";
const day = 86_400;
const rounds = 15;

function fileText(number: number, value: number): string {
	const next = (number * 7 + 1) % 1000;
	return `import { step${next} } from "./part-${next}.ts";
const limit${number} = ${value};
export function step${number}(item: { size: number }) {
	if (item.size > limit${number}) throw new AppError("${number % 997 === 0 ? code : "PART_FAILED"}");
	return step${next}(item);
}
`;
}

/** One commit changes a file's constant; the last one changes every file of a half. */
function writeHistory(root: string, commits: number, files: number): void {
	const random = randomNumbers(11);
	const pathOf = (number: number) => `src/area-${number % 100}/part-${number}.ts`;
	const now = Math.floor(Date.now() / 1000);
	const stream: string[] = [];
	const commit = (at: number, subject: string, changes: readonly (readonly [number, number])[]) => {
		stream.push(
			`commit refs/heads/main\ncommitter T <t@example.com> ${at} +0000\ndata ${subject.length}\n${subject}\n`,
		);
		for (const [number, value] of changes) {
			const text = fileText(number, value);
			stream.push(`M 100644 inline ${pathOf(number)}\ndata ${Buffer.byteLength(text)}\n${text}\n`);
		}
		stream.push("\n");
	};
	// Half of them within the fourteen days that are looked at.
	const spread = 28 * day;
	commit(
		now - spread,
		"Begin",
		Array.from({ length: files }, (_, number) => [number, 10]),
	);
	for (let index = 1; index < commits - 1; index += 1) {
		const at = now - spread + Math.floor((index / commits) * (spread - 7200));
		commit(at, `Change ${index}`, [[Math.floor(random() * files), index]]);
	}
	commit(
		now - 7000,
		"Change half of it",
		Array.from({ length: files / 2 }, (_, number) => [2 * number, 9]),
	);
	execFileSync("git", ["-c", "init.defaultBranch=main", "init", "--quiet"], { cwd: root });
	execFileSync("git", ["fast-import", "--quiet"], { cwd: root, input: stream.join("") });
	execFileSync("git", ["reset", "--hard", "--quiet", "main"], { cwd: root });
}

/** The server's resident memory in MiB; on Linux only. */
function residentOf(root: string): number {
	for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
		try {
			if (!readFileSync(`/proc/${pid}/environ`, "utf8").includes(`PROD_DEBUGGER_REPO=${root}`)) continue;
			return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
		} catch {
			// It ended meanwhile.
		}
	}
	return 0;
}

async function measure(commits: number, files: number): Promise<void> {
	const root = mkdtempSync(join(tmpdir(), "suspects-time-"));
	const sandbox = await startSandbox({ rateLimit: 1_000_000 });
	try {
		writeHistory(root, commits, files);
		const server = await openHost(
			{
				SKILLOMATIC_API_URL: sandbox.url,
				SKILLOMATIC_API_KEY: sandbox.keys.superAdmin,
				PROD_DEBUGGER_REPO: root,
				PROD_DEBUGGER_MAX_CALLS_PER_MINUTE: "1000",
			},
			root,
		);
		const timed = async (tool: string, given: Readonly<Record<string, unknown>>) => {
			const begun = performance.now();
			await server.call(tool, given);
			return performance.now() - begun;
		};
		const suspects = { error_code: code, since_about: new Date(Date.now() - 3_600_000).toISOString() };
		const newest = execFileSync("git", ["rev-parse", "HEAD"], { cwd: root }).toString().trim();
		const rows: string[][] = [["call", "first, ms", "warm, ms (median)", "warm, most"]];
		for (const [tool, given] of [
			["suspect_commits", suspects],
			["show_commit", { commit: newest }],
		] as const) {
			const first = await timed(tool, given);
			const warm: number[] = [];
			for (let round = 0; round < rounds; round += 1) warm.push(await timed(tool, given));
			rows.push([tool, first.toFixed(0), median(warm).toFixed(0), Math.max(...warm).toFixed(0)]);
		}
		console.log(table(rows));
		console.log(
			`\n${commits} commits, ${files} files; resident ${residentOf(root).toFixed(0)} MiB afterwards.`,
		);
		await server.close();
	} finally {
		await sandbox.close();
		rmSync(root, { recursive: true, force: true });
	}
}

const [commits = "10000", files = "10000"] = process.argv.slice(2);
await measure(Number(commits), Number(files));
