import { expect, test } from "vitest";
import { runCommand } from "./run.ts";

const request = (id: number, revision: string) =>
	`${JSON.stringify({
		jsonrpc: "2.0",
		id,
		method: "tools/list",
		params: {
			_meta: {
				"io.modelcontextprotocol/protocolVersion": revision,
				"io.modelcontextprotocol/clientInfo": { name: "test", version: "1.0.0" },
				"io.modelcontextprotocol/clientCapabilities": {},
			},
		},
	})}\n`;

test("every request that states an unknown revision is refused, after a good one too, and the session goes on", async () => {
	const revisions = ["2026-07-28", "v999.0.0", "2026-07-28", "2025-06-18"];
	const { stdout } = await runCommand({
		input: revisions.map((revision, id) => request(id, revision)).join(""),
	});
	const answers = stdout
		.trimEnd()
		.split("\n")
		.map((line) => JSON.parse(line) as { id: number; error?: object; result?: object })
		.sort((one, other) => one.id - other.id);
	expect(answers.map(({ id, result }) => [id, result !== undefined])).toEqual([
		[0, true],
		[1, false],
		[2, true],
		[3, false],
	]);
	expect(answers[1]?.error).toEqual({
		code: -32022,
		message: "Unsupported protocol version: v999.0.0",
		data: { supported: ["2026-07-28"], requested: "v999.0.0" },
	});
});

test("what the SDK refuses by itself, quoting the host, quotes no secret", async () => {
	const secret = `gh${"p"}_${"A1b2".repeat(9)}`;
	const meta = JSON.parse(request(0, "2026-07-28")).params;
	const asked = [
		["tools/call", { name: secret, arguments: {} }],
		["resources/read", { uri: `skillomatic://nothing/${secret}` }],
		["prompts/get", { name: secret }],
		[`methods/${secret}`, {}],
	] as const;
	const { stdout } = await runCommand({
		input: asked
			.map(([method, params], id) =>
				JSON.stringify({ jsonrpc: "2.0", id, method, params: { ...meta, ...params } }),
			)
			.join("\n")
			.concat("\n"),
	});
	const errors = stdout
		.trimEnd()
		.split("\n")
		.map((line) => (JSON.parse(line) as { error?: { message: string } }).error?.message);
	expect(errors).toHaveLength(asked.length);
	expect(errors).not.toContain(undefined);
	expect(stdout).not.toContain(secret);
	expect(stdout).toContain("[hidden: GitHub token]");
});
