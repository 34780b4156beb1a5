// Finds where a value ends up: a table, an HTTP answer, a log, a caller.

import { enclosingOf } from "./enclosing.ts";
import {
	argumentTypes,
	calleeOf,
	callTypes,
	field,
	functionTypes,
	isLogger,
	lastName,
	nearestOf,
	oneLine,
} from "./nodes.ts";
import type { Node } from "./syntax.ts";
import { usageOf } from "./usage.ts";

/** Where a code ends up. */
export type Sink =
	| { readonly kind: "table"; readonly name: string }
	| { readonly kind: "answer"; readonly name: string }
	| { readonly kind: "log"; readonly name: string }
	| { readonly kind: "call"; readonly name: string }
	| { readonly kind: "returned"; readonly name: string }
	| { readonly kind: "thrown"; readonly name: string };

const maxSinks = 4;
const insertCall = /\binsert(?:_into|Into)?\(\s{0,4}["'`]?(?:\w{1,40}\.)?(\w{1,60})/;
const modelCall = /\b(\w{1,60})\.(?:create|createMany|save|insertOne|insertMany|bulk_create|upsert)$/;
const insertSql = /\bINSERT\s{1,4}(?:OR\s{1,4}\w{1,10}\s{1,4})?INTO\s{1,4}["'`]?(\w{1,60})/i;
const httpObject = /^(res|reply|response|resp|c|ctx|context|Response|NextResponse|w|http|json|self)\b/;
const httpMethod =
	/^(json|send|sendStatus|end|body|text|Error|Encode|Write|JSON|AbortWithStatusJSON|AbortWithError|redirect|html|respond)$/;
const httpMaker =
	/^(jsonify|JSONResponse|JsonResponse|make_response|HTTPException|HttpResponse|createError|httpError|HTTPError|HttpError|respondWithError|errorResponse|jsonError)$/;

/** What a call does with its arguments, judged by its name and its text. */
export function sinkOf(call: Node): Sink {
	const callee = calleeOf(call);
	const name = lastName(callee);
	const args = oneLine(field(call, "arguments")?.text ?? "");
	const table =
		insertCall.exec(callee.slice(-400))?.[1] ??
		insertSql.exec(args.slice(0, 400))?.[1] ??
		(/^insert(_into|Into)?$/.test(name) ? /^\(\s{0,4}["'`](\w{1,60})["'`]/.exec(args)?.[1] : undefined) ??
		modelCall.exec(callee.slice(-200))?.[1];
	if (table !== undefined) return { kind: "table", name: table };
	if (httpMaker.test(name) || (httpMethod.test(name) && httpObject.test(callee))) {
		return { kind: "answer", name: callee.slice(0, 60) };
	}
	return isLogger(callee) ? { kind: "log", name: callee.slice(0, 60) } : { kind: "call", name };
}

/**
 * Where a value goes: returned, thrown, passed to a call; through a variable, to its uses in the same function.
 */
export function sinksOf(value: Node): readonly Sink[] {
	const found: Sink[] = [];
	follow(value, found, 0);
	const distinct = new Map(found.map((sink) => [`${sink.kind}:${sink.name}`, sink]));
	return [...distinct.values()].slice(0, maxSinks);
}

function follow(value: Node, found: Sink[], depth: number): void {
	const { kind, node, name } = usageOf(value);
	switch (kind) {
		case "returned":
			found.push({ kind: "returned", name: enclosingOf(node)?.name ?? "" });
			return;
		case "thrown":
			found.push({ kind: "thrown", name: "" });
			return;
		case "argument":
			if (!callTypes.has(node.type)) return;
			if (node.type === "new_expression" && depth < 3) follow(node, found, depth + 1);
			else found.push(sinkOf(node));
			return;
		case "assigned": {
			const around = nearestOf(node, functionTypes);
			const target = /^[\w$]+/.exec(name)?.[0];
			if (around === undefined || target === undefined || depth > 1) return;
			for (const use of usesOf(around, target, node.endIndex)) follow(use, found, depth + 1);
			return;
		}
		default:
			return;
	}
}

const maxUses = 8;

/** Uses of a name after a place, up to a limit in huge functions. */
function usesOf(around: Node, name: string, after: number): readonly Node[] {
	const uses: Node[] = [];
	let visited = 0;
	const open: Node[] = [around];
	for (let node = open.pop(); node !== undefined && uses.length < maxUses; node = open.pop()) {
		visited += 1;
		if (visited > 20_000) break;
		if (node.endIndex <= after) continue;
		if (
			/^(identifier|shorthand_property_identifier)$/.test(node.type) &&
			node.text === name &&
			node.startIndex >= after
		) {
			uses.push(node);
		}
		for (const child of [...node.namedChildren].reverse()) if (child !== null) open.push(child);
	}
	return uses;
}

/** The calls under a node, by the last part of their callee's name. */
export function callsOf(root: Node, names: ReadonlySet<string>, lines: ReadonlySet<number>): readonly Node[] {
	const calls: Node[] = [];
	const open: Node[] = [root];
	const wanted = [...lines];
	for (let node = open.pop(); node !== undefined; node = open.pop()) {
		const from = node.startPosition.row + 1;
		const to = node.endPosition.row + 1;
		if (!wanted.some((line) => line >= from && line <= to)) continue;
		if (callTypes.has(node.type) && names.has(lastName(calleeOf(node)))) calls.push(node);
		for (const child of [...node.namedChildren].reverse()) if (child !== null) open.push(child);
	}
	return calls;
}

/** The tables and answers that a function's body itself writes. */
export function sinksInside(body: Node): readonly Sink[] {
	const found: Sink[] = [];
	const open: Node[] = [body];
	let visited = 0;
	for (let node = open.pop(); node !== undefined && found.length < maxSinks; node = open.pop()) {
		visited += 1;
		if (visited > 20_000) break;
		if (
			callTypes.has(node.type) &&
			node.namedChildren.some((child) => child !== null && argumentTypes.has(child.type))
		) {
			const sink = sinkOf(node);
			if (sink.kind === "table" && !found.some((known) => known.name === sink.name)) found.push(sink);
		}
		for (const child of [...node.namedChildren].reverse()) if (child !== null) open.push(child);
	}
	return found;
}
