import { ConfigError, loadConfig, readCommandLine } from "./config.ts";
import { helpText } from "./help.ts";
import { createLogger } from "./log.ts";
import { createServices } from "./services.ts";
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
			switch (line.command) {
				case "serve":
					return await (await import("./stdio.ts")).serve(services, log);
				case "doctor":
					return await (await import("./doctor/index.ts")).runDoctor(services, { json: line.json });
				case "report":
					return await (await import("./report/command.ts")).runReport(services, line);
			}
		} finally {
			await services.close();
		}
	} finally {
		await demo?.close();
	}
}

main(process.argv.slice(2)).then(
	(code) => process.exit(code),
	(error: unknown) => {
		const words =
			error instanceof ConfigError ? error.message : String(error instanceof Error ? error.stack : error);
		process.stderr.write(`prod-debugger-mcp: ${words}\n`);
		process.exit(1);
	},
);
