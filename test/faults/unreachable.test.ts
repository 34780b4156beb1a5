import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, describe, expect, test } from "vitest";
import { testRepository } from "../codebase/repository.ts";
import { connect } from "../e2e/connect.ts";
import { connectAgent, productionTools, sampleArguments } from "./agent.ts";
import { startFaultyProduction, startSoundProduction } from "./production.ts";

const day = 24 * 3600 * 1000;
const folder = await mkdtemp(join(tmpdir(), "prod-debugger-tls-"));
const authorityFile = join(folder, "authority.pem");
const authority = await generate([{ name: "commonName", value: "Test authority" }], {
	extensions: [{ name: "basicConstraints", cA: true, critical: true }],
});
await writeFile(authorityFile, authority.cert);
const issue = async (address: string, until: number) => {
	const { private: key, cert } = await generate([{ name: "commonName", value: "api" }], {
		ca: { key: authority.private, cert: authority.cert },
		notBeforeDate: new Date(Date.now() - 30 * day),
		notAfterDate: new Date(until),
		extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: address }] }],
	});
	return { key, cert };
};
const good = await issue("127.0.0.1", Date.now() + day);
const another = await issue("10.1.2.3", Date.now() + day);
const expired = await issue("127.0.0.1", Date.now() - day);

const repository = await testRepository({ "src/model.ts": 'throw new Error("LLM_RATE_LIMITED");\n' });
repository.commit("Ask the model", new Date(Date.now() - day).toISOString());
const sound = await startSoundProduction("small");
const plain = await startFaultyProduction(sound);
const overTls = {
	good: await startFaultyProduction(sound, good),
	another: await startFaultyProduction(sound, another),
	expired: await startFaultyProduction(sound, expired),
};
afterAll(async () => {
	for (const production of [plain, ...Object.values(overTls)]) await production.close();
	await sound.close();
	await repository.remove();
	await rm(folder, { recursive: true });
});

describe("nothing that could take the key stands there, and every tool says so", () => {
	const cases: [string, string, RegExp][] = [
		[
			"a name that is gone",
			"https://gone.invalid",
			/gone\.invalid \((ENOTFOUND|EAI_AGAIN): the host's name cannot be resolved\)/,
		],
		[
			"an issuer that nobody knows",
			overTls.good.url,
			/UNABLE_TO_VERIFY_LEAF_SIGNATURE: its issuer is not known here\), so the API key was not sent/,
		],
		[
			"no TLS where https was meant",
			plain.url.replace("http:", "https:"),
			/it does not speak TLS\), so the API key was not sent/,
		],
		["TLS where http was meant", overTls.good.url.replace("https:", "http:"), /not HTTP|connection broke/],
	];
	test.each(cases)("%s", async (_, url, words) => {
		const agent = await connectAgent({ url, key: sound.key, now: sound.now, timeoutMs: 5000 });
		try {
			for (const { text, isError } of await Promise.all(productionTools.map((tool) => agent.call(tool)))) {
				expect(text).toMatch(words);
				expect(isError).toBe(true);
			}
		} finally {
			await agent.close();
		}
	});
});

describe("a certificate that does not hold, though its authority is trusted", () => {
	const cases: [string, string, RegExp | undefined][] = [
		["none: it holds", overTls.good.url, undefined],
		[
			"another host's",
			overTls.another.url,
			/ERR_TLS_CERT_ALTNAME_INVALID: it belongs to another host\), so the API key was not sent/,
		],
		["expired", overTls.expired.url, /CERT_HAS_EXPIRED: it has expired\), so the API key was not sent/],
	];
	test.each(cases)("%s", async (_, url, words) => {
		const { call, close } = await connect({
			// One of these tools reads the local history.
			cwd: repository.root,
			env: {
				SKILLOMATIC_API_URL: url,
				SKILLOMATIC_API_KEY: sound.key,
				NODE_EXTRA_CA_CERTS: authorityFile,
				PROD_DEBUGGER_TIMEOUT_MS: "60000",
			},
		});
		try {
			const asked = productionTools.map((tool) => call(tool, sampleArguments[tool] ?? {}));
			for (const { text, isError } of await Promise.all(asked)) {
				if (words !== undefined) expect(text).toMatch(words);
				expect(isError, text).toBe(words !== undefined);
			}
		} finally {
			await close();
		}
	});

	test("no request of those arrived", () => {
		expect(overTls.another.requests + overTls.expired.requests + plain.requests).toBe(0);
	});
});
