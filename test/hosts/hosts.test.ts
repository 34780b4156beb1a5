import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { getMcpConfigForManifest, v0_3 } from "@anthropic-ai/mcpb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostFiles } from "../../scripts/hosts/files.ts";
import { makeRelease, releaseProblems } from "../../scripts/release.ts";
import { stampName } from "../../scripts/stamp.ts";
import { commands, readCommandLine } from "../../src/cli/command-line.ts";
import { loadConfig, settings } from "../../src/config/index.ts";
import { createServices } from "../../src/services.ts";
import { tools } from "../../tools/index.ts";
import { connect } from "../e2e/connect.ts";

const skillPath = "claude-code/prod-debugger/skills/prod-debugger/SKILL.md";
const read = (path: string) => readFileSync(join("hosts", path), "utf8");
const files = Object.fromEntries(
	readdirSync("hosts", { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => {
			const path = join(entry.parentPath, entry.name).slice("hosts/".length);
			return [path, read(path)];
		}),
);
const manifest = JSON.parse(readFileSync("package.json", "utf8")) as {
	name: string;
	version: string;
	mcpName: string;
	bin: Record<string, string>;
	scripts: Record<string, string>;
};
const parsed = (path: string): unknown => JSON.parse(read(path));

interface ServerEntry {
	readonly command: string;
	readonly args: readonly string[];
	readonly env: Readonly<Record<string, string>>;
}

/** Every server that a host is told to start. */
const entries: readonly (readonly [string, ServerEntry])[] = [
	["claude-code/prod-debugger/.mcp.json", "mcpServers"],
	["vscode/mcp.json", "servers"],
	["cursor/mcp.json", "mcpServers"],
].map(([path = "", key = ""]) => {
	const servers = (parsed(path) as Record<string, Record<string, ServerEntry>>)[key] ?? {};
	return [path, servers["prod-debugger"] as ServerEntry] as const;
});

let base: string;
let released: readonly string[];
beforeAll(async () => {
	base = await mkdtemp(join(tmpdir(), "hosts-"));
	const targets = [`${process.platform}-${process.arch}`];
	released = await makeRelease({ into: join(base, "release"), targets });
}, 180_000);
afterAll(() => rm(base, { recursive: true, force: true }));

describe("hosts/", () => {
	test("is what the generator writes, and the skill", () => {
		const { [skillPath]: skill, ...generated } = files;
		expect(skill).toBeDefined();
		expect(generated).toEqual(hostFiles());
	});

	test("names only variables, commands, flags and scripts that there are", () => {
		for (const [path, text] of Object.entries(files)) {
			for (const [name] of text.matchAll(/\b(?:SKILLOMATIC|PROD_DEBUGGER)_[A-Z_]+\b/g)) {
				expect(Object.keys(settings), path).toContain(name);
			}
			for (const [, word = ""] of text.matchAll(/`prod-debugger-mcp ([a-z]+)`/g)) {
				expect(commands, path).toContain(word);
			}
			for (const [, flag = ""] of text.matchAll(/`prod-debugger-mcp (--[a-z-]+)`/g)) {
				expect(() => readCommandLine([flag]), path).not.toThrow();
			}
			for (const [, script = ""] of text.matchAll(/`npm run ([a-z:]+)`/g)) {
				expect(Object.keys(manifest.scripts), path).toContain(script);
			}
			for (const [, link = ""] of text.matchAll(/\]\(([^):]+)\)/g)) {
				expect(existsSync(join("hosts", path, "..", link)), `${path}: ${link}`).toBe(true);
			}
			for (const [, folder = ""] of text.matchAll(/ (\.\/hosts\/[\w/-]+)/g)) {
				expect(existsSync(folder), `${path}: ${folder}`).toBe(true);
			}
		}
	});

	test.each(entries)("%s starts the installed command by name, and needs nothing", (_path, entry) => {
		expect(Object.keys(manifest.bin)).toEqual([entry.command]);
		expect(entry.args).toEqual([]);
		expect(Object.keys(settings)).toEqual(expect.arrayContaining(Object.keys(entry.env)));
	});

	test.each(entries)(
		"%s: what a host leaves unfilled, or fills with nothing, is unset",
		async (_path, { env }) => {
			const blank = Object.fromEntries(Object.keys(env).map((name) => [name, ""]));
			expect(await loadConfig(env, {}, base)).toEqual(await loadConfig({}, {}, base));
			expect(await loadConfig(blank, {}, base)).toEqual(await loadConfig({}, {}, base));
		},
	);

	test("nothing is started with npx, and a key is asked for as a secret", () => {
		for (const [path, text] of Object.entries(files)) {
			if (path.endsWith(".json")) expect(text).not.toContain("npx");
		}
		const vsCode = parsed("vscode/mcp.json") as { inputs: { id: string; password: boolean }[] };
		expect(vsCode.inputs).toMatchObject([{ id: "skillomatic-api-key", password: true }]);
		expect(read("vscode/mcp.json")).toContain('"${input:skillomatic-api-key}"');
	});

	test("every version is the package's", () => {
		const versions = Object.values(files).flatMap((text) => [
			...[...text.matchAll(/"version": "([^"]+)"/g)].map(([, version]) => version),
			...[...text.matchAll(/prod-debugger-mcp-(\d[\w.]*)-PLATFORM/g)].map(([, version]) => version),
		]);
		expect(new Set(versions)).toEqual(new Set([manifest.version]));
		expect(versions.length).toBeGreaterThanOrEqual(5);
	});
});

describe("the Claude Code plugin", () => {
	test("is where the marketplace says, with its server and its skill", () => {
		const { plugins } = parsed("claude-code/.claude-plugin/marketplace.json") as {
			plugins: { name: string; source: string }[];
		};
		for (const { name, source } of plugins) {
			const folder = join("hosts", "claude-code", source);
			expect(JSON.parse(readFileSync(join(folder, ".claude-plugin", "plugin.json"), "utf8"))).toMatchObject({
				name,
			});
			expect(existsSync(join(folder, ".mcp.json"))).toBe(true);
			expect(existsSync(join(folder, "skills", name, "SKILL.md"))).toBe(true);
		}
		expect(read("README.md")).toContain("claude plugin install prod-debugger@prod-debugger-mcp");
	});

	test("its skill names tools that there are, and allows those that only read", async () => {
		const [, frontmatter = "", body = ""] = read(skillPath).split(/^---$/m);
		const allowed = [...frontmatter.matchAll(/mcp__plugin_prod-debugger_prod-debugger__(\w+)/g)].map(
			([, name]) => name ?? "",
		);
		const services = createServices(await loadConfig({ PROD_DEBUGGER_CHECK: "true" }, {}, base));
		const reading = tools.filter((tool) => tool.annotations(services).readOnlyHint).map(({ name }) => name);
		await services.close();
		expect(allowed.sort()).toEqual(reading.sort());
		expect(frontmatter).toContain("\nname: prod-debugger\n");
		const named = [...body.matchAll(/`([a-z]+_[a-z]+(?:_[a-z]+)?)`/g)].map(([, name]) => name ?? "");
		const fields = ["error_code", "created_at", "patch_id"];
		for (const { name } of tools) expect(named).toContain(name);
		expect(named.filter((name) => !fields.includes(name))).toEqual(
			named.filter((name) => tools.some((tool) => tool.name === name)),
		);
	});
});

describe("a release", () => {
	test("holds package, bundle, plugin, registry file and notes, all of one version", async () => {
		expect(await releaseProblems()).toEqual([]);
		const into = join(base, "release");
		const { name, version } = manifest;
		const plugin = `prod-debugger-plugin-${version}.tgz`;
		const bundle = `${name}-${version}-${process.platform}-${process.arch}.mcpb`;
		const files = [bundle, `${name}-${version}.tgz`, plugin, "server.json"];
		expect(readdirSync(into).sort()).toEqual(["NOTES.md", ...files].sort());
		expect([...released].sort()).toEqual(["NOTES.md", ...files].sort());
		const notes = readFileSync(join(into, "NOTES.md"), "utf8");
		expect(notes).toContain(`# ${name} ${version}\n`);
		for (const file of files) expect(notes).toMatch(new RegExp(`^[0-9a-f]{64}  ${file}$`, "m"));
		const { stdout } = await promisify(execFile)("tar", ["-tzf", join(into, plugin)]);
		expect(stdout).toContain("./.claude-plugin/marketplace.json\n");
		expect(stdout).toContain("./prod-debugger/.mcp.json\n");
	});
});

describe("the Claude Desktop bundle", () => {
	const unfilled = async (userConfig: Record<string, string | number | boolean>) => {
		const config = await getMcpConfigForManifest({
			manifest: v0_3.McpbManifestSchema.parse(parsed("claude-desktop/manifest.json")),
			extensionPath: base,
			systemDirs: {},
			userConfig,
			pathSeparator: "/",
		});
		return config?.env ?? {};
	};

	test("asks for the key as a secret and requires nothing; a form left blank is a set-up without a key", async () => {
		const { user_config: form } = v0_3.McpbManifestSchema.parse(parsed("claude-desktop/manifest.json"));
		expect(form?.skillomatic_api_key).toMatchObject({ sensitive: true, required: false });
		for (const field of Object.values(form ?? {})) expect(field.required).toBe(false);
		const env = await unfilled({});
		expect(env.SKILLOMATIC_API_KEY).toBe("${user_config.skillomatic_api_key}");
		expect(await loadConfig(env, {}, base)).toEqual(await loadConfig({}, {}, base));
	});

	test("a form filled in reaches the settings", async () => {
		const env = await unfilled({
			skillomatic_api_key: "sk_live_1",
			prod_debugger_repo: base,
			prod_debugger_show_personal_data: true,
			prod_debugger_max_calls_per_minute: 30,
		});
		expect(await loadConfig(env, {}, "/")).toMatchObject({
			apiKey: "sk_live_1",
			showPersonalData: true,
			maxCallsPerMinute: 30,
		});
	});

	test("is packed by mcpb with the ripgrep that it needs, and runs as unpacked", async () => {
		const file = join(
			base,
			"release",
			`${manifest.name}-${manifest.version}-${process.platform}-${process.arch}.mcpb`,
		);
		const folder = join(base, "unpacked");
		await promisify(execFile)("node_modules/.bin/mcpb", ["unpack", file, folder]);
		// mcpb leaves some names out, such as tsconfig.json.
		const built = readdirSync("dist", { recursive: true })
			.filter((name) => name !== stampName)
			.sort();
		expect(readdirSync(join(folder, "dist"), { recursive: true }).sort()).toEqual(built);
		const repository = join(base, "repository");
		await mkdir(repository);
		await writeFile(join(repository, "app.ts"), "export function answer() {\n\treturn 42;\n}\n");
		const { call, client, close } = await connect({
			program: join(folder, "dist", "prod-debugger-mcp.js"),
			cwd: folder,
			env: { ...(await unfilled({ prod_debugger_repo: repository })), HOME: base },
		});
		try {
			expect(client.getServerVersion()?.version).toBe(manifest.version);
			const { text, isError } = await call("search_codebase", { query: "return 42" });
			expect(isError).toBe(false);
			expect(text).toMatch(/^2: +\s*return 42;\n\s*\^ in answer$/m);
		} finally {
			await close();
		}
	});
});

describe("server.json", () => {
	test("keeps the registry's rules, and describes this package", () => {
		const server = parsed("server.json") as {
			name: string;
			description: string;
			packages: {
				identifier: string;
				transport: { type: string };
				environmentVariables: { name: string; isRequired: boolean; isSecret?: boolean; default?: string }[];
			}[];
		};
		expect(server.name).toBe(manifest.mcpName);
		expect(server.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/);
		expect(server.description.length).toBeLessThanOrEqual(100);
		const [first, ...more] = server.packages;
		expect(more).toEqual([]);
		expect(first).toMatchObject({ identifier: manifest.name, transport: { type: "stdio" } });
		const variables = first?.environmentVariables ?? [];
		expect(variables.map(({ name }) => name)).toEqual(Object.keys(settings));
		expect(variables.filter(({ isRequired }) => isRequired)).toEqual([]);
		expect(variables.filter(({ isSecret }) => isSecret).map(({ name }) => name)).toEqual([
			"SKILLOMATIC_API_KEY",
			"SKILLOMATIC_DATABASE_TOKEN",
		]);
	});
});

describe("mcp.json", () => {
	const { mcpServers } = JSON.parse(readFileSync("mcp.json", "utf8")) as {
		mcpServers: Record<string, Partial<ServerEntry>>;
	};

	test("starts the built command, with the key unset where the host does not know it", async () => {
		const entry = mcpServers["prod-debugger"];
		expect(entry?.command).toBe("node");
		const [program = "", ...args] = entry?.args ?? [];
		const { call, close } = await connect({ program, args, env: { ...entry?.env } });
		try {
			const { text, isError } = await call("error_stats");
			expect(isError).toBe(true);
			expect(text).toContain("No API key is set");
		} finally {
			await close();
		}
	});

	test("starts the demo", async () => {
		const entry = mcpServers["prod-debugger-demo"];
		const [program = "", ...args] = entry?.args ?? [];
		const { call, close } = await connect({ program, args });
		try {
			const { structured } = await call("query_database", {
				sql: "SELECT count(*) > 1000 AS full FROM error_events",
			});
			expect(structured).toMatchObject({ rows: [[1]] });
		} finally {
			await close();
		}
	});
});
