// The command: reads its arguments, and serves, checks or reports.
import { tools } from "../tools/index.ts";
import {
	type CommandLine,
	helpText,
	readCommandLine,
	runAttach,
	runCases,
	runDoctor,
	runReport,
	runWatch,
	startDemo,
	UsageError,
} from "./cli/index.ts";
import { type Config, ConfigError, loadConfig } from "./config/index.ts";
import { createLogger, type Logger, serve } from "./mcp/index.ts";
import { createServices, type Services } from "./services.ts";
import { sourceStack, version } from "./system/index.ts";
import { explanationOf, nearest, quoteUntrusted } from "./text/index.ts";

/** The command: serve (default), doctor, report, watch, cases, attach; `--demo` puts the embedded Skillomatic in production's place. */
async function main(argv: readonly string[]): Promise<number> {
	const line = readCommandLine(argv);
	isWatch = line.command === "watch";
	if (line.command !== "serve") endWithReader();
	if (line.help) {
		process.stdout.write(helpText());
		return 0;
	}
	if (line.version) {
		process.stdout.write(`${version}\n`);
		return 0;
	}
	// With --demo, attach makes a host start the demo; it needs none itself.
	const demo = line.demo && line.command !== "attach" ? await startDemo(line.demoNow) : undefined;
	try {
		const config = await configOf(line, demo?.env ?? {});
		const asked = environmentOf(config, line.environment);
		tellProblems(line, line.environment === undefined ? config : asked);
		const services = createServices(config, demo?.clock);
		const meant = services.environments.find((one) => one.config === asked) ?? services;
		try {
			return await run(line, meant, createLogger(config.logLevel));
		} finally {
			await services.close();
		}
	} finally {
		await demo?.close();
	}
}

/** @param demo what the demo sets; it wins over flags and environment */
function configOf(line: CommandLine, demo: Readonly<Record<string, string>>): Promise<Config> {
	return loadConfig({ ...process.env, ...demo }, { ...line.overrides, ...demo }, process.cwd());
}

/** @throws {UsageError} for a name that no environment has */
function environmentOf(config: Config, name: string | undefined): Config {
	const all = [config, ...(config.others ?? [])];
	const found =
		name === undefined
			? config
			: all.find(({ environment }) => environment?.name.toLowerCase() === name.toLowerCase());
	if (found !== undefined) return found;
	const names = all.flatMap(({ environment }) => environment?.name ?? []);
	const near = nearest(name ?? "", names);
	const known =
		names.length === 0 ? "none is named: set SKILLOMATIC_ENVIRONMENTS" : `environments: ${names.join(", ")}`;
	throw new UsageError(
		`${quoteUntrusted(name ?? "", 60)} is not an environment${near === undefined ? "" : ` (did you mean ${near}?)`}; ${known}. See --help.`,
	);
}

/** A host that finds no server says why to nobody: the server starts, and what needs the setting answers with its sentence. */
function tellProblems({ command }: CommandLine, config: Config): void {
	const [first] = config.problems ?? [];
	if (command === "doctor") return;
	if (command === "report" || command === "cases" || command === "watch") {
		if (first !== undefined) throw new ConfigError(first.message);
		return;
	}
	const messages = [config, ...(config.others ?? [])].flatMap(({ problems = [] }) =>
		problems.map(({ message }) => message),
	);
	for (const message of new Set(messages)) process.stderr.write(`prod-debugger-mcp: ${message}\n`);
}

async function run(line: CommandLine, services: Services, log: Logger): Promise<number> {
	switch (line.command) {
		case "serve":
			if (process.stdin.isTTY) {
				process.stderr.write(
					"prod-debugger-mcp speaks MCP on stdin and stdout, to a host that starts it. For a person: doctor, report, watch, --help. End with Ctrl-D.\n",
				);
			}
			return serve(services, tools, log);
		case "doctor":
			return runDoctor(services, line);
		case "report":
			return runReport(services, line);
		case "attach":
			return runAttach(services.config, line);
		case "watch":
			return runWatch(services, { ...line.watch, json: line.json });
		case "cases":
			return runCases(services, line);
	}
}

/** Whoever reads our output may stop: `doctor | head -1` is not an error. The server itself handles a host that disconnects. */
function endWithReader(): void {
	process.stdout.once("error", () => process.exit(0));
}

/** One line for what went wrong, to a person: an agent's "Ask the user to" is left out. A stack only for a fault of our own, and only where it was asked for. */
function wordsFor(error: unknown): string {
	if (error instanceof ConfigError) return error.message;
	const explanation = explanationOf(error);
	if (explanation !== undefined) return `${explanation.problem} ${explanation.next}`.trim();
	const name = error instanceof Error ? error.name : "unknown";
	const stack =
		process.env.PROD_DEBUGGER_LOG === "debug" && error instanceof Error
			? `\n${sourceStack(error.stack ?? "")}`
			: "";
	return `internal error (${name}). Please report it; PROD_DEBUGGER_LOG=debug shows where.${stack}`;
}

/** 2, as most commands answer what they do not understand. Of a watch, 1 says that it has told something. */
function exitCodeFor(error: unknown): number {
	if (isWatch) return error instanceof ConfigError ? 2 : 3;
	return error instanceof UsageError ? 2 : 1;
}

let isWatch = false;
main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(error: unknown) => {
		process.stderr.write(`prod-debugger-mcp: ${wordsFor(error)}\n`);
		process.exit(exitCodeFor(error));
	},
);
