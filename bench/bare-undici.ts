/**
 * Sends requests by bare undici, in a process of its own as the server is one: each line of stdin is a list of them, sent
 * at once, and each line of stdout the milliseconds until all answers were read.
 */
import { createInterface } from "node:readline";
import { request } from "undici";

export interface BareRequest {
	readonly url: string;
	readonly method: "GET" | "POST";
	readonly key: string;
	readonly body?: unknown;
}

async function send({ url, method, key, body }: BareRequest): Promise<unknown> {
	const answer = await request(url, {
		method,
		headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
		...(body === undefined ? {} : { body: JSON.stringify(body) }),
	});
	return answer.body.json();
}

for await (const line of createInterface({ input: process.stdin })) {
	const requests = JSON.parse(line) as readonly BareRequest[];
	const begun = performance.now();
	await Promise.all(requests.map(send));
	process.stdout.write(`${performance.now() - begun}\n`);
}
