// Reads one line as a JSON-RPC message: every request that cannot be served is answered, none is left waiting.

import { inCommonForm } from "./common-form.ts";

/** JSON-RPC's own codes. */
const parseError = -32_700;
const invalidRequest = -32_600;
const invalidParams = -32_602;

export interface ReadLine {
	/** The line for the SDK, where it holds a message that it can read. */
	readonly pass?: string;
	/** Answers to what the SDK would drop without a word, as JSON. */
	readonly answers: readonly string[];
}

const nothing: ReadLine = { answers: [] };

/** @param line without its end; a byte-order mark before it is skipped */
export function readLine(line: string): ReadLine {
	const text = line.replace(/^\uFEFF+/, "").trim();
	if (text === "") return nothing;
	let message: unknown;
	try {
		message = JSON.parse(text);
	} catch {
		return refused(idIn(text), parseError, "The line is not JSON.");
	}
	if (Array.isArray(message)) return readBatch(message);
	if (!isObject(message)) return refused("null", invalidRequest, "The message is not a JSON object.");
	const problem = problemOf(message);
	if (problem !== undefined) {
		// A notification is never answered, and an answer of the host's has no answer.
		return isNotification(message) || "result" in message || "error" in message
			? nothing
			: refused(idOf(message), ...problem);
	}
	const formed = inCommonForm(message);
	return { pass: formed === message ? text : JSON.stringify(formed), answers: [] };
}

/** Revisions since 2025-06-18 have no batches, and no host of the older ones waits for one answer to all. */
function readBatch(messages: readonly unknown[]): ReadLine {
	const ids = messages.flatMap((one) => (isObject(one) && "id" in one && "method" in one ? [idOf(one)] : []));
	const answers = (ids.length === 0 ? ["null"] : ids).flatMap(
		(id) =>
			refused(id, invalidRequest, "Batches are not taken: send each message on a line of its own.").answers,
	);
	return { answers };
}

type Message = Readonly<Record<string, unknown>>;
type Problem = readonly [code: number, sentence: string];

function isObject(value: unknown): value is Message {
	return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isNotification(message: Message): boolean {
	return !("id" in message) && typeof message.method === "string";
}

function problemOf(message: Message): Problem | undefined {
	const { id, jsonrpc, method, params } = message;
	if ("id" in message && typeof id !== "string" && !Number.isSafeInteger(id))
		return [invalidRequest, "id takes a text or a whole number."];
	if (jsonrpc !== "2.0") return [invalidRequest, 'jsonrpc takes "2.0", and is required.'];
	if ("result" in message || "error" in message) return undefined;
	if (typeof method !== "string") return [invalidRequest, "method takes a text, and is required."];
	if (!("params" in message)) return undefined;
	if (!isObject(params))
		return [invalidParams, "params takes an object: leave it out where there is nothing to say."];
	if ("_meta" in params && !isObject(params._meta))
		return [invalidParams, "params._meta takes an object: leave it out where there is nothing to say."];
	return undefined;
}

/** As JSON. An id that is neither a text nor a number cannot be repeated. */
function idOf({ id }: Message): string {
	return typeof id === "string" || typeof id === "number" ? JSON.stringify(id) : "null";
}

function refused(id: string, code: number, message: string): ReadLine {
	return { answers: [refusal(id, code, message)] };
}

/** @param id as JSON */
export function refusal(id: string, code: number, message: string): string {
	return `{"jsonrpc":"2.0","id":${id},"error":${JSON.stringify({ code, message })}}`;
}

/** How far into a broken line an id is looked for. */
const edge = 256;

/** @returns the id as JSON; `null` where the line shows none */
function idIn(line: string): string {
	return idNear(line.slice(0, edge)) ?? idNear(line.slice(-edge)) ?? "null";
}

/** The request's id in a part of a line, as JSON: clients write it first or last. */
export function idNear(part: string): string | undefined {
	return /"id"\s{0,4}:\s{0,4}(\d{1,15}|"[\w.-]{1,100}")/.exec(part)?.[1];
}
