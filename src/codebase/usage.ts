import {
	argumentTypes,
	calleeOf,
	callTypes,
	classTypes,
	field,
	functionTypes,
	isField,
	lastName,
	nearestOf,
	stringTypes,
} from "./nodes.ts";
import type { Node } from "./syntax.ts";

/** What becomes of a value, as far as its expression tells. */
export type UsageKind =
	| "returned"
	| "thrown"
	| "argument"
	| "assigned"
	| "default"
	| "compared"
	| "case"
	| "key"
	| "type"
	| "declared"
	| "imported"
	| "comment"
	| "shown"
	| "other";

export interface Usage {
	readonly kind: UsageKind;
	/** The node that decides: the call, the statement, the declaration. */
	readonly node: Node;
	/** The value as the decider holds it. */
	readonly value: Node;
	/** The name assigned to, or the function called. */
	readonly name: string;
	/** Keys of the objects around the value, the innermost first. */
	readonly keys: readonly Node[];
	/** It is an element of a list. */
	readonly listed: boolean;
	/** It is part of a longer text. */
	readonly embedded: boolean;
	/** It is not the value itself that is used, but what calling it, or making one of it, gives. */
	readonly called: boolean;
}

/** Calls that hand their argument on unchanged, or make a constant of it. */
const wrappers =
	/^(Set|Map|String|Symbol|frozenset|set|list|tuple|dict|freeze|enum|literal|union|fromEntries|Object|Array|cast|TypeVar|Literal|of|assertType|seal)$/;
/** Calls that compare their argument, or their receiver's elements, with something. */
const comparers =
	/^(includes|has|equals?|is[A-Z_]\w*|is|startsWith|endsWith|startswith|endswith|indexOf|findIndex|some|every|find|eq|ne|neq|inArray|notInArray|like|match|matches|test|Is|As|Contains|HasPrefix|HasSuffix|EqualFold|Equal|isinstance|on|off|once|addEventListener|removeListener|count|index|get|filter|expect|toBe|toEqual|assert\w*|in_|contains)$/;

const transparent: ReadonlySet<string> = new Set([
	"parenthesized_expression",
	"as_expression",
	"satisfies_expression",
	"non_null_expression",
	"await_expression",
	"await",
	"type_assertion",
	"literal_element",
	"expression_list",
	"literal_value",
	"spread_element",
	"subscript_expression",
	"subscript",
	"index_expression",
	"boolean_operator",
	"object",
	"dictionary",
	"composite_literal",
	"sequence_expression",
	"type_conversion_expression",
]);
const lists: ReadonlySet<string> = new Set(["array", "list", "set", "tuple"]);
const types: ReadonlySet<string> = new Set([
	"literal_type",
	"union_type",
	"type_alias_declaration",
	"interface_declaration",
	"enum_assignment",
	"enum_body",
	"enum_declaration",
	"property_signature",
	"type_spec",
	"type_alias",
	"type_alias_statement",
]);
const annotations: ReadonlySet<string> = new Set([
	"type_annotation",
	"type_arguments",
	"type",
	"type_predicate",
	"parameter_declaration",
	"generic_type",
	"type_query",
	"index_type_query",
	"implements_clause",
	"class_heritage",
	"extends_clause",
]);
const imports: ReadonlySet<string> = new Set([
	"import_specifier",
	"import_clause",
	"import_statement",
	"import_from_statement",
	"aliased_import",
	"namespace_import",
	"export_specifier",
	"export_clause",
	"namespace_export",
	"dotted_name",
	"import_spec",
]);
const declarators: ReadonlySet<string> = new Set([
	"variable_declarator",
	"assignment_expression",
	"augmented_assignment_expression",
	"assignment",
	"augmented_assignment",
	"const_spec",
	"var_spec",
	"short_var_declaration",
	"assignment_statement",
	"public_field_definition",
	"field_definition",
	"named_expression",
]);
const defaults: ReadonlySet<string> = new Set([
	"assignment_pattern",
	"object_assignment_pattern",
	"required_parameter",
	"optional_parameter",
	"default_parameter",
	"typed_default_parameter",
]);
const cases: ReadonlySet<string> = new Set(["switch_case", "expression_case", "case_pattern", "case_clause"]);
const conditionals: ReadonlySet<string> = new Set([
	"if_statement",
	"while_statement",
	"do_statement",
	"elif_clause",
	"for_statement",
]);
const comparisons = /^(===?|!==?|[<>]=?|in|instanceof|not in|is|is not)$/;

/** Climbs from a match to what decides about it. */
export function usageOf(start: Node): Usage {
	const keys: Node[] = [];
	let listed = false;
	let embedded = false;
	let called = false;
	let value = start;
	const made = (kind: UsageKind, node: Node, name = ""): Usage => ({
		kind,
		node,
		value,
		name,
		keys,
		listed,
		embedded,
		called,
	});
	for (let node = start.parent; node !== null; value = node, node = node.parent) {
		const { type } = node;
		if (value.type === "comment" || type === "comment") return made("comment", node);
		if (stringTypes.has(type)) continue;
		if (isList(node)) listed = true;
		if (transparent.has(type)) continue;
		if (type === "template_substitution" || type === "interpolation") embedded = true;
		else if (lists.has(type)) listed = true;
		else if (/^(member_expression|attribute|selector_expression|qualified_type)$/.test(type)) {
			// As the object of a method it is asked something; as the property it is the value itself.
			const isObject = isField(node, "object", value) || isField(node, "operand", value);
			if (isObject && comparers.test(lastName(node.text))) return made("compared", node);
		} else if (/^(ternary_expression|conditional_expression)$/.test(type)) {
			if (isCondition(node, value)) return made("compared", node);
		} else if (type === "binary_expression" || type === "binary_operator") {
			const operator = field(node, "operator")?.text ?? "";
			if (comparisons.test(operator) || (operator === "&&" && isField(node, "left", value))) {
				return made("compared", node);
			}
			if (operator === "+" || operator === "%") embedded = true;
		} else if (type === "comparison_operator" || type === "not_operator") return made("compared", node);
		else if (type === "unary_expression") {
			if (/^(!|typeof)/.test(node.text)) return made("compared", node);
		} else if (argumentTypes.has(type)) {
			const call = node.parent;
			if (call === null || !callTypes.has(call.type)) return made("other", node);
			const callee = calleeOf(call);
			const name = lastName(callee);
			if (comparers.test(name) && call.type !== "new_expression") return made("compared", call, callee);
			if (!wrappers.test(name)) return made("argument", call, callee);
		} else if (callTypes.has(type)) {
			if (isField(node, "function", value) || isField(node, "constructor", value)) called = true;
		} else if (/^(pair|keyed_element|keyword_argument|dictionary_pair|pair_pattern)$/.test(type)) {
			const key = field(node, "key", "name");
			if (key === undefined || key.id === value.id) return made("key", node);
			keys.push(key);
		} else if (/^(shorthand_property_identifier|shorthand_property_identifier_pattern)$/.test(value.type)) {
			return made("other", node);
		} else if (/^(return_statement|yield_expression|yield)$/.test(type)) return made("returned", node);
		else if (functionTypes.has(type)) {
			const isBody = isField(node, "body", value);
			return made(isBody ? "returned" : isField(node, "name", value) ? "declared" : "other", node);
		} else if (/^(throw_statement|raise_statement)$/.test(type)) return made("thrown", node);
		else if (declarators.has(type)) {
			const target = field(node, "name", "left", "property");
			if (target === undefined || target.id === value.id || !isRight(node, value)) {
				const declares = !/^(augmented_)?assignment_expression$|^augmented_assignment$/.test(type);
				return made(declares && value.id === start.id ? "declared" : "other", node);
			}
			return made("assigned", node, target.text.slice(0, 200));
		} else if (defaults.has(type)) {
			const target = field(node, "left", "name", "pattern");
			if (target?.id === value.id) return made("other", node);
			return made("default", node, target?.text.slice(0, 200) ?? "");
		} else if (types.has(type)) return made("type", node);
		else if (annotations.has(type)) return made(typeDeclaration(node) ? "type" : "other", node);
		else if (imports.has(type)) return made("imported", node);
		else if (cases.has(type)) return made("case", node);
		else if (conditionals.has(type)) return made("compared", node);
		else if (/^(except_clause|catch_clause|as_pattern)$/.test(type)) return made("case", node);
		else if (classTypes.has(type)) return made(isField(node, "name", value) ? "declared" : "other", node);
		else if (/^jsx_/.test(type)) return made("shown", node);
		else if (/_statement$|^program$|^module$|^source_file$|_declaration$|^decorator$/.test(type)) {
			return made(isField(node, "name", value) ? "declared" : "other", node);
		}
	}
	return made("other", start);
}

function isRight(node: Node, value: Node): boolean {
	return isField(node, "value", value) || isField(node, "right", value);
}

/** `'A' if x else 'B'` in Python has no fields: the condition is its second part. */
function isCondition(node: Node, value: Node): boolean {
	const condition = field(node, "condition") ?? node.namedChild(1);
	return condition?.id === value.id;
}

/** Go writes lists as literals of a slice's or an array's type. */
function isList(node: Node): boolean {
	return (
		node.type === "composite_literal" &&
		/^(slice|array|implicit_length_array)/.test(field(node, "type")?.type ?? "")
	);
}

function typeDeclaration(node: Node): Node | undefined {
	return nearestOf(node, new Set(["type_alias_declaration", "interface_declaration", "enum_declaration"]));
}
