import { describeError } from "./answer/errors/index.ts";
import { type CommandLine, ConfigError, loadConfig, readCommandLine } from "./config.ts";
import { helpText } from "./help.ts";
import { createLogger, type Logger } from "./log.ts";
import { createServices, type Services } from "./services.ts";
import { version } from "./version.ts";

/** The command: serve (default), doctor, report; `--demo` puts the embedded Skillomatic in production's place. */
async function main(argv: readonly string[]): Promise<number> {
	const line = readCommandLine(argv);
	if (line.help) {
		process.stdout.write(helpText());
		return 0;
	}
	if (line.version) {
		process.stdout.write(`${version}\n`);
		return 0;
	}
	const demo = line.demo ? await (await import("./demo.ts")).startDemo() : undefined;
	try {
		const env = demo === undefined ? process.env : { ...process.env, ...demo.env };
		const config = await loadConfig(
			env,
			demo === undefined ? line.overrides : { ...line.overrides, ...demo.env },
			process.cwd(),
		);
		const services = createServices(config);
		const log = createLogger(config.logLevel);
		try {
			return await run(line, services, log);
		} finally {
			await services.close();
		}
	} finally {
		await demo?.close();
	}
}

async function run(line: CommandLine, services: Services, log: Logger): Promise<number> {
	switch (line.command) {
		case "serve":
			return (await import("./stdio.ts")).serve(services, log);
		case "doctor":
			return (await import("./doctor/index.ts")).runDoctor(services, { json: line.json });
		case "report":
			return (await import("./report/command.ts")).runReport(services, line);
	}
}

main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(error: unknown) => {
		const fault = () => String(error instanceof Error ? error.stack : error);
		const words = error instanceof ConfigError ? error.message : (describeError(error) ?? fault());
		process.stderr.write(`prod-debugger-mcp: ${words}\n`);
		process.exit(1);
	},
);
