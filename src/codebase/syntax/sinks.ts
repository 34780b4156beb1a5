// Finds where a value ends up: a table, an HTTP answer, a log, a caller.

import type { LineRange } from "../way/line-range.ts";
import { enclosingOf } from "./enclosing.ts";
import { calleeOf, callTypes, field, isLogger, lastName, oneLine } from "./nodes.ts";
import { scopeOf, usesOf } from "./scopes.ts";
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
/** Only with `set` behind it: hashes are updated too. */
const updateCall =
	/\bupdate(?:Table)?\(\s{0,4}["'`]?(?:\w{1,40}\.)?(\w{1,60})["'`]?\s{0,4}\)[\s\S]{0,200}\.set$/;
const modelCall =
	/\b(\w{1,60})\.(?:create|createMany|save|insertOne|insertMany|bulk_create|upsert)$|\b(?:prisma|db|tx|trx|orm)\.(\w{1,60})\.(?:update|updateMany)$/;
const insertSql =
	/\bINSERT\s{1,4}(?:OR\s{1,4}\w{1,10}\s{1,4})?INTO\s{1,4}["'`]?(\w{1,60})|\bUPDATE\s{1,4}["'`]?(\w{1,60})["'`]?\s{1,4}SET\b/i;
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
		updateCall.exec(callee.slice(-400))?.[1] ??
		captured(insertSql.exec(args.slice(0, 400))) ??
		(/^insert(_into|Into)?$/.test(name) ? /^\(\s{0,4}["'`](\w{1,60})["'`]/.exec(args)?.[1] : undefined) ??
		captured(modelCall.exec(callee.slice(-200)));
	if (table !== undefined) return { kind: "table", name: table };
	if (httpMaker.test(name) || (httpMethod.test(name) && httpObject.test(callee))) {
		return { kind: "answer", name: callee.slice(0, 60) };
	}
	return isLogger(callee) ? { kind: "log", name: callee.slice(0, 60) } : { kind: "call", name };
}

function captured(found: RegExpExecArray | null): string | undefined {
	return found?.slice(1).find((part) => part !== undefined);
}

/** A sink, and the call or statement that it is. */
export interface SinkPlace {
	readonly sink: Sink;
	readonly node: Node;
}

/**
 * Where a value goes: returned, thrown, passed to a call; through a variable, to its uses in the variable's scope.
 */
export function sinksOf(value: Node): readonly SinkPlace[] {
	const found: SinkPlace[] = [];
	follow(value, found, 0);
	const distinct = new Map<string, SinkPlace>();
	for (const place of found) {
		const key = `${place.sink.kind}:${place.sink.name}`;
		if (!distinct.has(key)) distinct.set(key, place);
	}
	return [...distinct.values()].slice(0, maxSinks);
}

function follow(value: Node, found: SinkPlace[], depth: number): void {
	const { kind, node, name } = usageOf(value);
	switch (kind) {
		case "returned":
			found.push({ sink: { kind: "returned", name: enclosingOf(node)?.name ?? "" }, node });
			return;
		case "thrown":
			found.push({ sink: { kind: "thrown", name: "" }, node });
			return;
		case "argument":
			if (!callTypes.has(node.type)) return;
			if (node.type === "new_expression" && depth < 3) follow(node, found, depth + 1);
			// What makes an error of a code is followed to where the error goes.
			else if (isThrown(node)) found.push({ sink: { kind: "thrown", name: "" }, node });
			else found.push({ sink: sinkOf(node), node });
			return;
		case "assigned":
		case "default": {
			const target = /^[\w$]+/.exec(name)?.[0];
			if (target === undefined || depth > 1) return;
			const scope = scopeOf(node, target);
			if (scope === undefined) return;
			for (const use of usesOf(scope, target, node.endIndex)) follow(use, found, depth + 1);
			return;
		}
		default:
			return;
	}
}

function isThrown(call: Node): boolean {
	return /^(throw|raise)_statement$/.test(call.parent?.type ?? "");
}

/** The tables that the code within some lines itself writes. */
export function sinksInside(body: Node, lines: LineRange): readonly Sink[] {
	const found: Sink[] = [];
	const open: Node[] = [body];
	let visited = 0;
	for (let node = open.pop(); node !== undefined && found.length < maxSinks; node = open.pop()) {
		visited += 1;
		if (visited > 20_000) break;
		if (node.startPosition.row + 1 > lines.to || node.endPosition.row + 1 < lines.from) continue;
		if (callTypes.has(node.type) && field(node, "arguments") !== undefined) {
			const sink = sinkOf(node);
			if (sink.kind === "table" && !found.some((known) => known.name === sink.name)) found.push(sink);
		}
		for (const child of [...node.namedChildren].reverse()) if (child !== null) open.push(child);
	}
	return found;
}
