// The names that a file takes from other files and gives to them, from its syntax tree.

import { field, functionTypes, stringContent } from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";

/** A name that stands for something of another file. */
export interface Binding {
	readonly local: string;
	/** The module as it is written. */
	readonly source: string;
	/** The name there; `default`, or `*` for the whole module. */
	readonly imported: string;
}

/** A name that a file passes on from another; `*` for all of its names. */
export interface Reexport {
	readonly exported: string;
	readonly source: string;
	readonly imported: string;
}

export interface Exchange {
	readonly bindings: readonly Binding[];
	readonly reexports: readonly Reexport[];
	/** The local name of the default export; `""` for one without a name. */
	readonly defaultName: string | undefined;
}

const maxNodes = 2000;

export function exchangeOf(root: Node): Exchange {
	const bindings: Binding[] = [];
	const reexports: Reexport[] = [];
	let defaultName: string | undefined;
	const nodes = root.descendantsOfType([
		"import_statement",
		"import_from_statement",
		"import_spec",
		"export_statement",
		"variable_declarator",
		"assignment_expression",
	]);
	for (const node of nodes.slice(0, maxNodes)) {
		if (node === null) continue;
		switch (node.type) {
			case "import_statement":
				bindings.push(...(field(node, "source") === undefined ? pythonImport(node) : scriptImport(node)));
				break;
			case "import_from_statement":
				bindings.push(...pythonFrom(node));
				break;
			case "import_spec":
				bindings.push(...goImport(node));
				break;
			case "export_statement":
				reexports.push(...exportsFrom(node));
				defaultName ??= defaultOf(node);
				break;
			case "variable_declarator":
				bindings.push(...required(node));
				break;
			default:
				defaultName ??= commonDefault(node);
		}
	}
	return { bindings, reexports, defaultName };
}

function scriptImport(node: Node): readonly Binding[] {
	const source = textOf(field(node, "source"));
	const clause = node.namedChildren.find((child) => child?.type === "import_clause");
	return (clause?.namedChildren ?? []).flatMap((part): readonly Binding[] => {
		if (part === null) return [];
		if (part.type === "identifier") return [{ local: part.text, source, imported: "default" }];
		if (part.type === "namespace_import") {
			return [{ local: part.namedChild(0)?.text ?? "", source, imported: "*" }];
		}
		return specifiers(part).map(({ name, alias }) => ({ local: alias, source, imported: name }));
	});
}

/** Of `{ a, b as c }`. */
function specifiers(list: Node): readonly { readonly name: string; readonly alias: string }[] {
	return list.namedChildren.flatMap((one) => {
		const name = one === null ? undefined : field(one, "name")?.text;
		if (one === null || name === undefined) return [];
		return [{ name, alias: field(one, "alias")?.text ?? name }];
	});
}

function exportsFrom(node: Node): readonly Reexport[] {
	const from = field(node, "source");
	if (from === undefined) return [];
	const source = textOf(from);
	const [first] = node.namedChildren;
	if (first?.type === "export_clause") {
		return specifiers(first).map(({ name, alias }) => ({ exported: alias, source, imported: name }));
	}
	const space = first?.type === "namespace_export" ? first.namedChild(0)?.text : undefined;
	return [{ exported: space ?? "*", source, imported: "*" }];
}

function defaultOf(node: Node): string | undefined {
	if (!/^export\s{1,4}default\b/.test(node.text.slice(0, 40))) return undefined;
	const made = field(node, "declaration", "value");
	if (made === undefined) return undefined;
	return field(made, "name")?.text ?? (made.type === "identifier" ? made.text : "");
}

/** `module.exports = classify`. */
function commonDefault(node: Node): string | undefined {
	if (!/^module\.exports$/.test(field(node, "left")?.text ?? "")) return undefined;
	const right = field(node, "right");
	if (right === undefined) return undefined;
	if (functionTypes.has(right.type)) return field(right, "name")?.text ?? "";
	return right.type === "identifier" ? right.text : undefined;
}

const loading =
	/^(?:await\s{1,4})?(?:require|import)\(\s{0,4}["'`]([^"'`]{1,200})["'`]\s{0,4}\)(?:\.(\w{1,80}))?$/;

/** `const { a, b: c } = require("x")`, `const x = await import("x")`. */
function required(node: Node): readonly Binding[] {
	const [, source, member] = loading.exec(field(node, "value")?.text.slice(0, 300) ?? "") ?? [];
	const target = field(node, "name");
	if (source === undefined || target === undefined) return [];
	if (target.type === "identifier") {
		return [{ local: target.text, source, imported: member ?? "*" }];
	}
	return target.namedChildren.flatMap((part) => {
		if (part === null) return [];
		const name = field(part, "key")?.text ?? part.text;
		return [{ local: field(part, "value")?.text ?? name, source, imported: name }];
	});
}

function pythonImport(node: Node): readonly Binding[] {
	return node.namedChildren.flatMap((part) => {
		if (part === null) return [];
		const source = field(part, "name")?.text ?? part.text;
		const alias = field(part, "alias")?.text ?? source;
		return [{ local: alias, source, imported: "*" }];
	});
}

function pythonFrom(node: Node): readonly Binding[] {
	const from = field(node, "module_name");
	const source = from?.text ?? "";
	return node.namedChildren.flatMap((part) => {
		if (part === null || part.id === from?.id) return [];
		if (part.type === "wildcard_import") return [{ local: "*", source, imported: "*" }];
		const name = field(part, "name")?.text ?? part.text;
		return [{ local: field(part, "alias")?.text ?? name, source, imported: name }];
	});
}

function goImport(node: Node): readonly Binding[] {
	const source = textOf(field(node, "path"));
	const local = field(node, "name")?.text ?? /[^/]+$/.exec(source)?.[0] ?? "";
	return [{ local, source, imported: "*" }];
}

function textOf(node: Node | undefined): string {
	return node === undefined ? "" : (stringContent(node) ?? node.text);
}
