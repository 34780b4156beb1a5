// Breaks small programs, fixes them, and holds the verdict of propose_patch against what the test is known to be.

import { execFileSync, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { createPatchProposer, type PatchRequest } from "../src/patch/propose.ts";
import { systemClock } from "../src/system/clock.ts";
import { createGit } from "../src/system/git.ts";
import { resolveRepositoryRoot } from "../src/system/repository.ts";
import { randomNumbers } from "../test/random-numbers.ts";
import { mutantsOf, type Program, programs } from "./prove-programs.ts";

export type RunnerName = "vitest" | "node:test" | "pytest";

/** What a test of a mutant's fix is, and what it must be called. */
const kinds = {
	"proves it": "proof",
	"passes anyway": "proves_nothing",
	"fails anyway": "fails_too",
	"does not compile without it": "weak",
	"loads what does not parse": "weak",
	"meets a program that throws": "proof",
} as const;
type Kind = keyof typeof kinds;
const kindNames = Object.keys(kinds) as readonly Kind[];

interface Runner {
	readonly name: RunnerName;
	readonly words: readonly string[];
	readonly python: boolean;
	/** A test of one call and its wanted result, as JSON; with what it also imports. */
	readonly test: (program: string, call: string, wanted: string, more: string | undefined) => string;
}

const javascriptTest =
	(head: string, check: (call: string, wanted: string) => string): Runner["test"] =>
	(program, call, wanted, more) =>
		`${head}import { ${[program, ...(more === undefined ? [] : [more])].join(", ")} } from "../lib/${program}.js";\n` +
		`test("${program}", () => {\n${more === undefined ? "" : `  ${more}();\n`}  ${check(`${program}(...${call})`, wanted)}\n});\n`;

const runners: readonly Runner[] = [
	{
		name: "vitest",
		words: ["node", "node_modules/vitest/vitest.mjs", "run", "{files}"],
		python: false,
		test: javascriptTest(
			'import { expect, test } from "vitest";\n',
			(call, wanted) => `expect(${call}).toEqual(${wanted});`,
		),
	},
	{
		name: "node:test",
		words: ["node", "--test", "{files}"],
		python: false,
		test: javascriptTest(
			'import { test } from "node:test";\nimport assert from "node:assert/strict";\n',
			(call, wanted) => `assert.deepEqual(${call}, ${wanted});`,
		),
	},
	{
		name: "pytest",
		words: ["/usr/bin/python3", "-m", "pytest", "-p", "no:cacheprovider", "{files}"],
		python: true,
		test: (program, call, wanted, more) =>
			`import json\nimport sys\nsys.path.insert(0, "lib")\nfrom ${program} import ${[program, ...(more === undefined ? [] : [more])].join(", ")}\n\n` +
			`def test_${program}():\n${more === undefined ? "" : `    ${more}()\n`}    assert ${program}(*json.loads('${call}')) == json.loads('${wanted}')\n`,
	},
];

/** The result of each call as JSON; a call that throws or does not end has none. */
function results(source: string, program: Program, python: boolean): readonly (string | undefined)[] {
	if (python) {
		const script = `${source}\nimport json, sys, signal\nsignal.alarm(5)\nout = []\nfor call in json.loads(sys.argv[1]):\n    try:\n        out.append(json.dumps(${program.name}(*call)))\n    except Exception:\n        out.append(None)\nprint(json.dumps(out))\n`;
		const ran = spawnSync("/usr/bin/python3", ["-c", script, JSON.stringify(program.calls)], {
			encoding: "utf8",
		});
		const values: unknown = JSON.parse(ran.stdout || "[]");
		return Array.isArray(values)
			? values.map((value) => (typeof value === "string" ? value : undefined))
			: [];
	}
	return program.calls.map((call) => {
		try {
			const code = `${source.replace("export ", "")}\nJSON.stringify(${program.name}(...${JSON.stringify(call)}))`;
			const value: unknown = runInNewContext(code, {}, { timeout: 200 });
			return typeof value === "string" ? value : undefined;
		} catch {
			return undefined;
		}
	});
}

interface Trial {
	readonly program: string;
	readonly mutant: string;
	readonly fixed: string;
	readonly test: string;
	readonly kind: Kind;
}

function trialsOf(runner: Runner, perKind: number, seed: number): readonly Trial[] {
	const random = randomNumbers(seed);
	const trials: Trial[] = [];
	for (const program of programs) {
		const fixed = runner.python ? program.python : program.javascript;
		const right = results(fixed, program, runner.python);
		for (const mutant of mutantsOf(fixed)) {
			const wrong = results(mutant, program, runner.python);
			const at = (isWanted: (index: number) => boolean) =>
				right.findIndex((value, index) => value !== undefined && isWanted(index));
			const apart = at((index) => wrong[index] !== undefined && wrong[index] !== right[index]);
			const alike = at((index) => wrong[index] === right[index]);
			const write = (index: number, wanted: string, more?: string) =>
				runner.test(program.name, JSON.stringify(program.calls[index]), wanted, more);
			if (apart < 0 || alike < 0) continue;
			const extra = runner.python ? "\n\ndef ready():\n    pass\n" : "export function ready() {}\n";
			const add = (kind: Kind, test: string, own = fixed, broken = mutant) =>
				trials.push({ program: program.name, mutant: broken, fixed: own, test, kind });
			add("proves it", write(apart, right[apart] ?? ""));
			add("passes anyway", write(alike, right[alike] ?? ""));
			add("fails anyway", write(alike, '"another"'));
			add("does not compile without it", write(apart, right[apart] ?? "", "ready"), fixed + extra);
			add(
				"loads what does not parse",
				write(apart, right[apart] ?? ""),
				fixed,
				mutant.replace("return", "return ("),
			);
			const thrown = runner.python ? "return None['x'] if True else" : "return null.x ||";
			add(
				"meets a program that throws",
				write(apart, right[apart] ?? ""),
				fixed,
				fixed.replace(/return(?=[^\n]*\n}?\n?$)/, thrown),
			);
		}
	}
	const drawn = trials.map((trial) => ({ trial, by: random() })).sort((one, other) => one.by - other.by);
	return kindNames.flatMap((kind) =>
		drawn
			.filter(({ trial }) => trial.kind === kind)
			.slice(0, perKind)
			.map(({ trial }) => trial),
	);
}

export interface ProofScore {
	readonly runner: RunnerName;
	readonly kind: Kind;
	readonly trials: number;
	readonly right: number;
	readonly calledProof: number;
	readonly others: readonly string[];
}

/** @param perKind trials of each kind of test */
export async function benchProofs(perKind: number, seed: number): Promise<readonly ProofScore[]> {
	const scores: ProofScore[] = [];
	for (const runner of runners) {
		if (runner.python && spawnSync("/usr/bin/python3", ["-m", "pytest", "--version"]).status !== 0) continue;
		const verdicts = await verdictsOf(runner, trialsOf(runner, perKind, seed));
		for (const kind of kindNames) {
			const own = verdicts.filter(({ trial }) => trial.kind === kind);
			scores.push({
				runner: runner.name,
				kind,
				trials: own.length,
				right: own.filter(({ verdict }) => verdict === kinds[kind]).length,
				calledProof: own.filter(({ verdict }) => verdict === "proof").length,
				others: own.filter(({ verdict }) => verdict !== kinds[kind]).map(({ verdict }) => verdict),
			});
		}
	}
	return scores;
}

/** A repository with the runner's packages in it, and a proposer that runs its tests. */
async function openRepository(base: string, runner: Runner) {
	const folder = join(base, "repository");
	const write = (path: string, content: string) => {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), content);
	};
	write("package.json", '{"type":"module"}\n');
	write(".gitignore", "node_modules\n__pycache__\n");
	execFileSync("git", ["init", "-q"], { cwd: folder });
	symlinkSync(join(import.meta.dirname, "..", "node_modules"), join(folder, "node_modules"));
	const root = await resolveRepositoryRoot(folder);
	const proposer = createPatchProposer({
		root,
		git: createGit(root),
		stateFolder: join(base, "state"),
		clock: systemClock,
		test: { words: runner.words, timeoutMs: 60_000, unsandboxed: false },
	});
	const propose = async (edits: PatchRequest["edits"], test: string) => {
		const request = { title: "t", rationale: "r", edits, test: [test] };
		return (await proposer.propose(request, new AbortController().signal)).checks.test;
	};
	return { folder, write, propose };
}

async function verdictsOf(runner: Runner, trials: readonly Trial[]) {
	const base = mkdtempSync(join(tmpdir(), "prove-bench-"));
	try {
		const { write, propose } = await openRepository(base, runner);
		const found: { trial: Trial; verdict: string }[] = [];
		for (const trial of trials) {
			const path = `lib/${trial.program}.${runner.python ? "py" : "js"}`;
			const test = runner.python ? `tests/test_${trial.program}.py` : `tests/${trial.program}.test.js`;
			write(path, trial.mutant);
			const edits = [
				{ path, content: trial.fixed },
				{ path: test, content: trial.test },
			];
			const outcome = await propose(edits, test);
			const verdict = outcome.status === "ran" ? outcome.verdict : outcome.status;
			if (verdict !== kinds[trial.kind] && process.env.PROVE_DEBUG !== undefined)
				console.error(JSON.stringify({ trial, outcome }, undefined, 1));
			found.push({ trial, verdict });
		}
		return found;
	} finally {
		rmSync(base, { recursive: true, force: true });
	}
}

export interface ProofTime {
	readonly rounds: number;
	/** Of a whole call, and of two bare runs of vitest side by side. Medians, in milliseconds. */
	readonly callMs: number;
	readonly bareMs: number;
	/** The median of the ratios of each round. */
	readonly ratio: number;
}

/** A small vitest file: the whole proof, in turns with two bare runs side by side. */
export async function proofTime(rounds: number): Promise<ProofTime> {
	const base = mkdtempSync(join(tmpdir(), "prove-time-"));
	const [vitest] = runners;
	const [program] = programs;
	try {
		if (vitest === undefined || program === undefined) throw new TypeError("no runner");
		const { propose, write, folder } = await openRepository(base, vitest);
		const [mutant = ""] = mutantsOf(program.javascript);
		const wanted = results(program.javascript, program, false)[2] ?? "";
		const test = vitest.test(program.name, JSON.stringify(program.calls[2]), wanted, undefined);
		write("lib/backoff.js", mutant);
		write("tests/backoff.test.js", test);
		const [, ...args] = vitest.words.map((word) => (word === "{files}" ? "./tests/backoff.test.js" : word));
		const bare = () =>
			new Promise<void>((resolve) => {
				const child = spawn(process.execPath, args, { cwd: folder, stdio: "ignore" });
				child.once("close", () => resolve());
			});
		const edits = [{ path: "lib/backoff.js", content: program.javascript }];
		const times: { call: number; bare: number }[] = [];
		for (let round = -1; round < rounds; round += 1) {
			const began = performance.now();
			await Promise.all([bare(), bare()]);
			const between = performance.now();
			await propose(edits, "tests/backoff.test.js");
			if (round >= 0) times.push({ bare: between - began, call: performance.now() - between });
		}
		const median = (list: readonly number[]) =>
			[...list].sort((one, other) => one - other)[list.length >> 1] ?? 0;
		return {
			rounds,
			callMs: median(times.map(({ call }) => call)),
			bareMs: median(times.map((time) => time.bare)),
			ratio: median(times.map((time) => time.call / time.bare)),
		};
	} finally {
		rmSync(base, { recursive: true, force: true });
	}
}

export function proofTable(scores: readonly ProofScore[]): string {
	return [
		"| runner | the test | trials | called so | called proof | called otherwise |",
		"|---|---|---|---|---|---|",
		...scores.map(
			({ runner, kind, trials, right, calledProof, others }) =>
				`| ${runner} | ${kind} | ${trials} | ${right} | ${calledProof} | ${[...new Set(others)].join(", ") || "-"} |`,
		),
	].join("\n");
}

if (process.argv[1] === import.meta.filename) {
	const [perKind = 10, seed = 1] = process.argv.slice(2).map(Number);
	process.stdout.write(`${proofTable(await benchProofs(perKind, seed))}\n\n`);
	const { rounds, callMs, bareMs, ratio } = await proofTime(7);
	process.stdout.write(
		`the whole proof of a small vitest file: ${callMs.toFixed(0)} ms; two bare runs side by side: ${bareMs.toFixed(0)} ms; ratio ${ratio.toFixed(2)} (medians of ${rounds} rounds)\n`,
	);
}
