// Helpers for syntax nodes that work in all five grammars.

import type { Node } from "./syntax.ts";

/**
 * Node types of all five grammars in one set: the names differ little, and a name in two grammars means the same in
 * both.
 */
export const functionTypes: ReadonlySet<string> = new Set([
	"function_declaration",
	"generator_function_declaration",
	"function_expression",
	"generator_function",
	"arrow_function",
	"method_definition",
	"function_definition",
	"lambda",
	"method_declaration",
	"func_literal",
]);

export const classTypes: ReadonlySet<string> = new Set([
	"class_declaration",
	"abstract_class_declaration",
	"class",
	"class_definition",
]);

export const callTypes: ReadonlySet<string> = new Set(["call_expression", "new_expression", "call"]);

export const stringTypes: ReadonlySet<string> = new Set([
	"string",
	"template_string",
	"concatenated_string",
	"interpreted_string_literal",
	"raw_string_literal",
]);

export const argumentTypes: ReadonlySet<string> = new Set(["arguments", "argument_list"]);

/** A node's named ancestors, the nearest first. */
export function* ancestors(node: Node): Generator<Node> {
	for (let above = node.parent; above !== null; above = above.parent) yield above;
}

export function nearestOf(node: Node, types: ReadonlySet<string>): Node | undefined {
	for (const above of ancestors(node)) if (types.has(above.type)) return above;
	return undefined;
}

/** Whether `child` is the parent's field of this name. */
export function isField(parent: Node, name: string, child: Node): boolean {
	return parent.childForFieldName(name)?.id === child.id;
}

export function field(node: Node, ...names: readonly string[]): Node | undefined {
	for (const name of names) {
		const found = node.childForFieldName(name);
		if (found !== null) return found;
	}
	return undefined;
}

/** The text of a call's function or a `new`'s class, on one line. */
export function calleeOf(call: Node): string {
	const callee = field(call, "function", "constructor");
	return callee === undefined ? "" : oneLine(callee.text);
}

/** The last name of `a.b.c` and of `a.b(…).c`. */
export function lastName(text: string): string {
	return /[\w$]+$/.exec(text.slice(-200))?.[0] ?? "";
}

/** Loggers: a code in a log message raises nothing. */
const logger =
	/^(this\.)?(console|log|logger|logging|slog|pino|winston|zap|glog|klog|logrus|fmt)\.(debug|info|log|trace|warn|warning|error|exception|critical|fatal|[A-Z]\w*)$|^(print|println|printf)$/i;

/** Whether a call writes to a log, by what is called. */
export function isLogger(callee: string): boolean {
	return logger.test(callee) && !callee.endsWith("Errorf");
}

/** A string's or template's content as it is written, at most 400 characters of it. */
export function stringContent(node: Node): string | undefined {
	if (!stringTypes.has(node.type)) return undefined;
	const bare = node.text.slice(0, 400).replace(/^[rbufRBUF]{0,2}("""|'''|["'`])/, "");
	return bare.replace(/("""|'''|["'`])$/, "");
}

export function oneLine(text: string): string {
	return text.slice(0, 1000).replace(/\s+/g, " ").trim();
}

/** Whether only modules, `export` blocks and the like are between a node and its file. */
export function isModuleLevel(node: Node): boolean {
	for (const above of ancestors(node)) {
		if (functionTypes.has(above.type) || classTypes.has(above.type)) return false;
	}
	return true;
}
