// Where a thrown error ends: in a catch around it, else in the callers of its function.

import {
	ancestors,
	argumentTypes,
	calleeOf,
	callTypes,
	classTypes,
	field,
	functionTypes,
	lastName,
	nearestOf,
	stringContent,
} from "../syntax/nodes.ts";
import { type Sink, type SinkPlace, sinkOf } from "../syntax/sinks.ts";
import type { Node } from "../syntax/syntax.ts";
import { identityOf } from "./facts.ts";

/** A function whose callers get what it returns or throws. */
export interface Outlet {
	readonly by: "return" | "throw";
	readonly name: string;
	readonly holder: string | undefined;
	/** The function's first line. */
	readonly from: number;
}

/** What becomes of an error that is thrown at a place. */
export interface Ending {
	/** What a catch around it does with it; undefined if none is in its function. */
	readonly caught: readonly SinkPlace[] | undefined;
	/** It goes on to the callers of its function. */
	readonly outlet: Outlet | undefined;
}

export function endingOf(node: Node): Ending {
	const clause = catchAround(node);
	if (clause === undefined) return { caught: undefined, outlet: outletOf(node, "throw") };
	const isThrownOn = clause.descendantsOfType(["throw_statement", "raise_statement"]).length > 0;
	return {
		caught: sinksIn(clause),
		// What is thrown on in the catch ends where the catch does.
		outlet: isThrownOn ? (endingOf(clause).outlet ?? undefined) : undefined,
	};
}

/** The function that passes on what is returned or thrown at a place; undefined for a handler, which has no callers. */
export function outletOf(node: Node, by: Outlet["by"]): Outlet | undefined {
	for (const above of [node, ...ancestors(node)]) {
		if (!functionTypes.has(above.type)) continue;
		const identity = identityOf(above);
		if (identity !== undefined) {
			const isMade = /^(constructor|__init__)$/.test(identity.name);
			const holder = isMade ? nearestOf(above, classTypes) : undefined;
			const name = holder === undefined ? identity.name : (field(holder, "name")?.text ?? identity.name);
			return { by, name, holder: isMade ? undefined : identity.holder, from: above.startPosition.row + 1 };
		}
		if (by === "return" || isHandler(above)) return undefined;
	}
	return undefined;
}

/** Calls that keep a function for later: a route, an event, a queue, a schedule. */
const keepers =
	/^(on|once|use|get|post|put|patch|delete|all|route|handle|handler|process|add|register|subscribe|schedule|cron|every|listen|Worker|Queue|createWorker|consume|setInterval|setTimeout|addEventListener|onError|errorHandler|tool|job|task)$/;

export function isKept(call: Node): boolean {
	const first = field(call, "arguments")?.namedChild(0);
	const isNamed = first !== undefined && first !== null && stringContent(first) !== undefined;
	return isNamed || keepers.test(lastName(calleeOf(call)));
}

function isHandler(callback: Node): boolean {
	const list = callback.parent;
	const call = list === null || !argumentTypes.has(list.type) ? null : list.parent;
	return call !== null && callTypes.has(call.type) && isKept(call);
}

/** The catch that gets an error thrown here, within the same function or the callbacks that it runs. */
function catchAround(node: Node): Node | undefined {
	let value = node;
	for (const above of ancestors(node)) {
		if (above.type === "try_statement" && field(above, "body")?.id === value.id) {
			const clause = above.namedChildren.find((child) => /^(catch|except)_clause$/.test(child?.type ?? ""));
			if (clause !== undefined && clause !== null) return clause;
		}
		if (callTypes.has(above.type)) {
			const handler = rejectionHandler(above);
			if (
				handler !== undefined &&
				!(handler.startIndex <= node.startIndex && node.endIndex <= handler.endIndex)
			) {
				return handler;
			}
		}
		if (functionTypes.has(above.type) && (identityOf(above) !== undefined || isHandler(above)))
			return undefined;
		value = above;
	}
	return undefined;
}

/** The function in `work().catch((error) => …)`. */
function rejectionHandler(call: Node): Node | undefined {
	const member = field(call, "function");
	if (member === undefined || field(member, "property")?.text !== "catch") return undefined;
	const handler = field(call, "arguments")?.namedChild(0);
	return handler !== null && handler !== undefined && functionTypes.has(handler.type) ? handler : undefined;
}

/** Tables, answers and logs that a catch writes, and what it gives the error to. */
function sinksIn(clause: Node): readonly SinkPlace[] {
	const parameter = field(clause, "parameter", "parameters")?.text.replace(/[(){}:\s].*$/s, "") ?? "";
	const error = /^[\w$]+/.exec(parameter)?.[0] ?? /\bas\s{1,4}(\w+)/.exec(clause.text.slice(0, 200))?.[1];
	const found = new Map<string, SinkPlace>();
	for (const call of clause.descendantsOfType([...callTypes]).slice(0, 200)) {
		if (call === null) continue;
		const sink = sinkOf(call);
		const args = field(call, "arguments")?.text.slice(0, 1000) ?? "";
		const isGiven =
			error !== undefined && new RegExp(`(?<![\\w$])${error.replace(/\$/g, "\\$")}(?![\\w$])`).test(args);
		if (
			sink.kind === "table" ||
			(sink.kind === "call" ? isGiven && call.type !== "new_expression" : isGiven || sink.kind === "answer")
		) {
			found.set(`${sink.kind}:${sink.name}`, { sink, node: call });
		}
	}
	return [...found.values()].sort((one, other) => weight(one.sink) - weight(other.sink));
}

function weight({ kind }: Sink): number {
	return kind === "table" ? 0 : kind === "answer" ? 1 : kind === "call" ? 2 : 3;
}
