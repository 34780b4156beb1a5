// Every fault of the tests, towards the database, and towards the API with the database beside it.

import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";
import { startSandbox } from "../src/sandbox/server.ts";
import { createSource } from "../src/source/failover.ts";
import { startMeter } from "../src/source/http/meter.ts";
import { createSkillomatic } from "../src/source/skillomatic/client.ts";
import type { Source } from "../src/source/source.ts";
import { createTurso } from "../src/source/turso/client.ts";
import type { CheckedSelect } from "../src/sql/index.ts";
import { systemClock, withDeadline } from "../src/system/index.ts";
import { describeError } from "../src/text/index.ts";
import { type Fault, faultsTowards } from "../test/faults/faults.ts";
import { type SoundProduction, startFaultyProduction } from "../test/faults/production.ts";
import { startLibsql } from "../test/source/libsql.ts";
import { readOnlyToken } from "../test/source/tokens.ts";

const select = {
	text: "SELECT COUNT(*) AS n FROM error_events LIMIT 1",
	columns: ["n"],
	maxRows: 1,
	guardMs: 0,
} as unknown as CheckedSelect;

/** Deadlines in milliseconds, and how much later a call may end on a busy machine. */
const [deadlineMs, endlessMs, slackMs] = [10_000, 1500, 2000];

interface Outcome {
	/** Undefined for an answer. */
	readonly words: string | undefined;
	readonly source: string | undefined;
	readonly ms: number;
}

async function ask(source: Source, timeoutMs: number): Promise<Outcome> {
	const signal = withDeadline(new AbortController().signal, timeoutMs);
	const meter = startMeter(signal, () => {});
	const started = performance.now();
	const words = await source.query(select, { signal }).then(
		() => undefined,
		(error: unknown) => describeError(error) ?? "an error without words",
	);
	return { words, source: meter.source, ms: performance.now() - started };
}

/** A server that passes everything on, for faults to stand before. */
function soundBefore(url: string, key: string): SoundProduction {
	const read = async (stream: IncomingMessage) => {
		const chunks: Buffer[] = [];
		for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk);
		return Buffer.concat(chunks).toString("utf8");
	};
	return {
		key,
		now: Math.floor(Date.now() / 1000),
		async answer(asked) {
			const body = await read(asked);
			const { method, headers } = asked;
			return new Promise((resolve, reject) => {
				const sent = request(
					`${url}${asked.url}`,
					{
						method,
						headers: {
							authorization: headers.authorization ?? "",
							"content-type": headers["content-type"] ?? "",
						},
					},
					(answer) => {
						read(answer).then(
							(text) =>
								resolve({
									status: answer.statusCode ?? 0,
									headers: { "content-type": "application/json" },
									body: text,
								}),
							reject,
						);
					},
				);
				sent.once("error", reject);
				sent.end(body);
			});
		},
		close: async () => {},
	};
}

/** @returns what is wrong with each; empty where all is well */
export async function measureFaults(): Promise<readonly string[]> {
	const wrong: string[] = [];
	const elsewhereSeen: string[] = [];
	const elsewhere = createServer((asked, response) => {
		elsewhereSeen.push(asked.headers.authorization ?? "");
		response.end();
	});
	await new Promise<void>((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
	const { port } = elsewhere.address() as AddressInfo;
	const faults = faultsTowards(`http://127.0.0.1:${port}`);
	const sandbox = await startSandbox({ rateLimit: 1_000_000 });
	const libsql = await startLibsql(sandbox.database, { token: readOnlyToken });
	const api = await startFaultyProduction(soundBefore(sandbox.url, sandbox.keys.superAdmin));
	const database = await startFaultyProduction(soundBefore(libsql.url, readOnlyToken));
	const common = { callsPerMinute: 100_000, clock: systemClock };
	const openDatabase = (url: string) => createTurso({ ...common, url, token: readOnlyToken });
	const openBoth = () => {
		const first = createSkillomatic({ ...common, apiUrl: api.url, apiKey: sandbox.keys.superAdmin });
		return createSource({ api: first, database: openDatabase(libsql.url), clock: systemClock });
	};
	const check = (what: string, holds: boolean, outcome: Outcome) => {
		if (!holds) wrong.push(`${what}: ${JSON.stringify(outcome)}`);
	};
	let failedOver = 0;
	for (const fault of faults) {
		const timeoutMs = fault.endless === true ? endlessMs : deadlineMs;
		await towardsDatabase(fault, timeoutMs);
		await towardsApi(fault, timeoutMs);
	}
	console.log(
		`${faults.length} faults towards the database, and towards the API with the database beside it (${failedOver} of them answered by the database): ${wrong.length} not as they should be`,
	);
	if (elsewhereSeen.length > 0) wrong.push("something was sent to another host");
	await Promise.all([api.close(), database.close(), libsql.close(), sandbox.close()]);
	elsewhere.close();
	return wrong;

	async function towardsDatabase(fault: Fault, timeoutMs: number): Promise<void> {
		const turso = openDatabase(database.url);
		await ask(turso, deadlineMs);
		await database.behave(fault.behave);
		const during = await ask(turso, timeoutMs);
		await database.behave(undefined);
		const after = await ask(turso, deadlineMs);
		const words = during.words ?? "";
		check(
			`${fault.name} (database) is told`,
			/^[A-Z].*\.$/s.test(words) && !/without words/.test(words),
			during,
		);
		check(`${fault.name} (database) keeps the token`, !words.includes(readOnlyToken), during);
		check(`${fault.name} (database) ends in time`, during.ms < timeoutMs + slackMs, during);
		if (fault.staysAway !== true)
			check(`${fault.name} (database) is over when it is over`, after.words === undefined, after);
		await turso.close();
	}

	async function towardsApi(fault: Fault, timeoutMs: number): Promise<void> {
		const source = openBoth();
		await ask(source, deadlineMs);
		await api.behave(fault.behave);
		const during = await ask(source, timeoutMs);
		const next = await ask(source, timeoutMs);
		await api.behave(undefined);
		check(`${fault.name} (API) ends in time`, during.ms < timeoutMs + slackMs, during);
		if (during.words === undefined) {
			failedOver += 1;
			check(`${fault.name} (API) says who answered`, during.source !== undefined, during);
		} else
			check(`${fault.name} (API) is told`, fault.words.test(during.words) || fault.endless === true, during);
		if (fault.endless === true)
			check(`${fault.name} (API): the next call is answered`, next.source !== undefined, next);
		await source.close();
	}
}
