/**
 * Sends requests with bare undici, in a separate process like the server. Each line of stdin is a list of requests that
 * are sent at once; each line of stdout is the milliseconds until all answers were read.
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
