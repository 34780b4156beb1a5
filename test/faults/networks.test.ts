// Networks as companies have them: proxies, authorities of their own, and what stands in front of an API.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import { type AddressInfo, connect as connectTcp } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generate } from "selfsigned";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { connect } from "../e2e/connect.ts";
import { startFaultyProduction, startSoundProduction } from "./production.ts";

const host = "api.example.test";
const folder = await mkdtemp(join(tmpdir(), "prod-debugger-proxy-"));
const authorityFile = join(folder, "authority.pem");
const authority = await generate([{ name: "commonName", value: "Test authority" }], {
	extensions: [{ name: "basicConstraints", cA: true, critical: true }],
});
await writeFile(authorityFile, authority.cert);
await writeFile(join(folder, "empty.pem"), "");
const issued = await generate([{ name: "commonName", value: "api" }], {
	ca: { key: authority.private, cert: authority.cert },
	extensions: [
		{
			name: "subjectAltName",
			altNames: [
				{ type: 2, value: host },
				{ type: 7, ip: "127.0.0.1" },
			],
		},
	],
});
const sound = await startSoundProduction("small");
const production = await startFaultyProduction(sound, { key: issued.private, cert: issued.cert });
const productionPort = Number(new URL(production.url).port);

/** A proxy that leads every name to the production here, and notes what it was asked for. */
const asked: { target: string; login: string | undefined }[] = [];
let login: string | undefined;
const proxy = createServer((_, response) => response.writeHead(405).end());
proxy.on("connect", (request: IncomingMessage, socket: import("node:stream").Duplex) => {
	const given = request.headers["proxy-authorization"];
	asked.push({ target: request.url ?? "", login: given });
	socket.on("error", () => {});
	if (login !== undefined && given !== `Basic ${Buffer.from(login).toString("base64")}`) {
		socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
		return;
	}
	const onward = connectTcp(productionPort, "127.0.0.1", () => {
		socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
		onward.pipe(socket).pipe(onward);
	});
	onward.on("error", () => socket.destroy());
	socket.on("close", () => onward.destroy());
});
await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
const proxyHost = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;

afterEach(() => {
	asked.length = 0;
	login = undefined;
});
afterAll(async () => {
	proxy.closeAllConnections();
	proxy.close();
	await production.close();
	await sound.close();
	await rm(folder, { recursive: true });
});

async function describeDatabase(env: Record<string, string>, url = `https://${host}`) {
	const { call, close, stderr } = await connect({
		cwd: process.cwd(),
		env: {
			SKILLOMATIC_API_URL: url,
			SKILLOMATIC_API_KEY: sound.key,
			PROD_DEBUGGER_TIMEOUT_MS: "8000",
			...env,
		},
	});
	let log = "";
	stderr?.on("data", (chunk: Buffer) => {
		log += chunk.toString();
	});
	try {
		const { text, isError } = await call("describe_database");
		expect(text + log).not.toContain("hunter2");
		return { text, isError };
	} finally {
		await close();
	}
}

const trusted = { NODE_EXTRA_CA_CERTS: authorityFile };

describe("a proxy is used for TLS, by CONNECT", () => {
	test.each(["HTTPS_PROXY", "http_proxy"])("named by %s", async (name) => {
		const { text, isError } = await describeDatabase({ ...trusted, [name]: `http://${proxyHost}` });
		expect(isError, text).toBe(false);
		expect(new Set(asked.map(({ target }) => target))).toEqual(new Set([`${host}:443`]));
	});

	test("without a scheme, and with a user and a password", async () => {
		login = "ann:hunter2";
		const { text, isError } = await describeDatabase({ ...trusted, HTTPS_PROXY: `ann:hunter2@${proxyHost}` });
		expect(isError, text).toBe(false);
	});

	test("one that asks for a login is named, without the one that was given", async () => {
		login = "ann:hunter3";
		const { text, isError } = await describeDatabase({
			...trusted,
			HTTPS_PROXY: `http://ann:hunter2@${proxyHost}`,
		});
		expect(isError).toBe(true);
		expect(text).toContain(`The proxy "http://${proxyHost}" (HTTPS_PROXY) does not connect to ${host}`);
		expect(text).toContain("HTTP 407, and asks for a user and a password");
	});

	test("one that is not there is named", async () => {
		const { text } = await describeDatabase({ ...trusted, https_proxy: "http://127.0.0.1:9" });
		expect(text).toMatch(
			/^No connection to api\.example\.test through the proxy "http:\/\/127\.0\.0\.1:9" \(https_proxy\) \(ECONNREFUSED/,
		);
	});

	test.each([
		["socks5://127.0.0.1:1080", "only http:// and https:// proxies are used"],
		["http://", "HTTPS_PROXY is not a URL"],
	])("%s is refused in words, and nothing is sent", async (proxyUrl, said) => {
		const { text } = await describeDatabase({ ...trusted, HTTPS_PROXY: proxyUrl });
		expect(text).toContain(said);
	});
});

describe("no proxy is used", () => {
	const broken = { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9" };

	test("for this machine itself, over TLS or plain http", async () => {
		const overTls = await describeDatabase({ ...trusted, ...broken }, production.url);
		expect(overTls.isError, overTls.text).toBe(false);
		const plain = await startFaultyProduction(sound);
		const inClear = await describeDatabase(broken, plain.url);
		await plain.close();
		expect(inClear.isError, inClear.text).toBe(false);
	});

	test("with NO_PROXY", async () => {
		const { text } = await describeDatabase({ ...broken, NO_PROXY: "x, api.example.test:443" });
		expect(text).toMatch(/^No connection to api\.example\.test \((ENOTFOUND|EAI_AGAIN)/);
	});
});

describe("certificate authorities of the user's own", () => {
	test("SSL_CERT_FILE counts, with and without a proxy", async () => {
		const env = { SSL_CERT_FILE: authorityFile };
		expect(await describeDatabase(env, production.url)).toMatchObject({ isError: false });
		expect(await describeDatabase({ ...env, HTTPS_PROXY: `http://${proxyHost}` })).toMatchObject({
			isError: false,
		});
	});

	test("beside NODE_EXTRA_CA_CERTS", async () => {
		const env = { SSL_CERT_FILE: "/nowhere.pem", ...trusted };
		expect(await describeDatabase(env, production.url)).toMatchObject({ isError: false });
	});

	test("one that cannot be read is named where a certificate fails", async () => {
		const { text } = await describeDatabase({ SSL_CERT_FILE: join(folder, "empty.pem") }, production.url);
		expect(text).toContain("is not valid (UNABLE_TO_VERIFY_LEAF_SIGNATURE");
		expect(text).toContain("correct SSL_CERT_FILE: no certificate could be read from it");
	});
});
