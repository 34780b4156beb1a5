// For each node type, how it uses a value inside it.

import type { Climb, UsageKind } from "./climb.ts";
import {
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

/** How a kind of node uses a value inside it; undefined if the climb goes on. */
export type UsageRule = (climb: Climb) => UsageKind | undefined;

/** Calls that return their argument unchanged, or make a constant of it. */
const wrappers =
	/^(Set|Map|String|string|str|Symbol|frozenset|set|list|tuple|dict|freeze|enum|literal|union|fromEntries|Object|Array|cast|TypeVar|Literal|of|assertType|seal)$/;
/** Calls that compare their argument, or their receiver's elements, with something. */
const comparers =
	/^(includes|has|equals?|is[A-Z_]\w*|is|startsWith|endsWith|startswith|endswith|indexOf|findIndex|some|every|find|eq|ne|neq|inArray|notInArray|like|match|matches|test|Is|As|Contains|HasPrefix|HasSuffix|EqualFold|Equal|isinstance|on|off|once|addEventListener|removeListener|count|index|get|filter|expect|toBe|toEqual|assert\w*|in_|contains)$/;
const comparisons = /^(===?|!==?|[<>]=?|in|instanceof|not in|is|is not)$/;

const goesOn: UsageRule = () => undefined;
const always =
	(kind: UsageKind): UsageRule =>
	() =>
		kind;

const inList: UsageRule = (climb) => {
	climb.listed = true;
	return undefined;
};

/** Go writes lists as literals of a slice's or an array's type. */
const composite: UsageRule = (climb) => {
	const type = field(climb.node, "type")?.type ?? "";
	return /^(slice|array|implicit_length_array)/.test(type) ? inList(climb) : undefined;
};

const embed: UsageRule = (climb) => {
	climb.embedded = true;
	return undefined;
};

/** As a method's object the value is only queried; as the property it is the value itself. */
const member: UsageRule = ({ node, value }) => {
	const isObject = isField(node, "object", value) || isField(node, "operand", value);
	return isObject && comparers.test(lastName(node.text)) ? "compared" : undefined;
};

/** `'A' if x else 'B'` in Python has no fields: the condition is its second part. */
const conditional: UsageRule = ({ node, value }) => {
	const condition = field(node, "condition") ?? node.namedChild(1);
	return condition?.id === value.id ? "compared" : undefined;
};

const binary: UsageRule = (climb) => {
	const operator = field(climb.node, "operator")?.text ?? "";
	const isLeft = isField(climb.node, "left", climb.value);
	if (comparisons.test(operator) || (operator === "&&" && isLeft)) return "compared";
	return operator === "+" || operator === "%" ? embed(climb) : undefined;
};

const unary: UsageRule = ({ node }) => (/^(!|typeof)/.test(node.text.slice(0, 6)) ? "compared" : undefined);

const argument: UsageRule = (climb) => {
	const call = climb.node.parent;
	if (call === null || !callTypes.has(call.type)) return "other";
	const callee = calleeOf(call);
	const name = lastName(callee);
	const compares =
		comparers.test(name) && call.type !== "new_expression" && !isDemanded(name, climb.node, climb.value);
	if (!compares && wrappers.test(name)) return undefined;
	climb.node = call;
	climb.name = callee;
	return compares ? "compared" : "argument";
};

/** `assertThat(state.up, "CODE")` raises the code; `assertEqual(error.code, "CODE")` compares it. */
function isDemanded(name: string, given: Node, value: Node): boolean {
	const first = given.namedChild(0);
	return (
		/^assert(That|True|ion|Ok)?$/.test(name) &&
		first !== null &&
		first.id !== value.id &&
		!/code\W*$/i.test(first.text.slice(-80))
	);
}

const call: UsageRule = (climb) => {
	const { node, value } = climb;
	if (isField(node, "function", value) || isField(node, "constructor", value)) climb.called = true;
	return undefined;
};

const pair: UsageRule = ({ node, value, keys }) => {
	const key = field(node, "key", "name");
	if (key === undefined || key.id === value.id) return "key";
	keys.push(key);
	return undefined;
};

const aFunction: UsageRule = ({ node, value }) => {
	const isName = isField(node, "name", value);
	// A method of an object literal: its name is the object's key.
	if (isName && node.parent?.type === "object") return "key";
	if (isName) return "declared";
	return isField(node, "body", value) ? "returned" : "other";
};

const nameOrOther: UsageRule = ({ node, value }) => (isField(node, "name", value) ? "declared" : "other");

const nameOrType: UsageRule = ({ node, value }) => (isField(node, "name", value) ? "declared" : "type");

const assertion: UsageRule = ({ node, value }) =>
	node.namedChild(0)?.id === value.id ? "compared" : "thrown";

const declarator: UsageRule = (climb) => {
	const { node, value } = climb;
	const target = field(node, "name", "left", "property");
	const isRight = isField(node, "value", value) || isField(node, "right", value);
	if (target === undefined || !isRight) return declares(climb) ? "declared" : "other";
	climb.name = target.text.slice(0, 200);
	return "assigned";
};

/** `exports.run = function …` declares; `this.code = …` only assigns. */
function declares({ node, value, start }: Climb): boolean {
	if (/^augmented_/.test(node.type)) return false;
	if (node.type !== "assignment_expression") return value.id === start.id;
	const right = field(node, "right");
	const isMade = right !== undefined && (functionTypes.has(right.type) || classTypes.has(right.type));
	return isMade && lastName(value.text) === start.text;
}

const defaultValue: UsageRule = (climb) => {
	const target = field(climb.node, "left", "name", "pattern");
	if (target?.id === climb.value.id) return "other";
	climb.name = target?.text.slice(0, 200) ?? "";
	return "default";
};

const typeDeclarations: ReadonlySet<string> = new Set([
	"type_alias_declaration",
	"interface_declaration",
	"enum_declaration",
]);

const annotation: UsageRule = ({ node }: { readonly node: Node }) =>
	nearestOf(node, typeDeclarations) === undefined ? "other" : "type";

/** Statements and declarations end the climb; other nodes pass the value on. */
export const fallbackRule: UsageRule = (climb) => {
	const { type } = climb.node;
	if (type.startsWith("jsx_")) return "shown";
	return /_statement$|_declaration$|^(program|module|source_file|decorator)$/.test(type)
		? nameOrOther(climb)
		: undefined;
};

function rulesFor(rule: UsageRule, types: Iterable<string>): readonly (readonly [string, UsageRule])[] {
	return [...types].map((type) => [type, rule] as const);
}

/** By node type, for all five grammars. */
export const usageRules: ReadonlyMap<string, UsageRule> = new Map([
	...rulesFor(goesOn, stringTypes),
	...rulesFor(composite, ["composite_literal"]),
	...rulesFor(inList, ["array", "list", "set", "tuple"]),
	...rulesFor(embed, ["template_substitution", "interpolation"]),
	...rulesFor(member, ["member_expression", "attribute", "selector_expression", "qualified_type"]),
	...rulesFor(conditional, ["ternary_expression", "conditional_expression"]),
	...rulesFor(binary, ["binary_expression", "binary_operator"]),
	...rulesFor(unary, ["unary_expression"]),
	...rulesFor(argument, ["arguments", "argument_list"]),
	...rulesFor(call, callTypes),
	...rulesFor(pair, ["pair", "keyed_element", "keyword_argument", "pair_pattern"]),
	...rulesFor(aFunction, functionTypes),
	...rulesFor(nameOrOther, classTypes),
	...rulesFor(always("comment"), ["comment"]),
	...rulesFor(always("returned"), ["return_statement", "yield_expression", "yield"]),
	...rulesFor(always("thrown"), ["throw_statement", "raise_statement"]),
	...rulesFor(assertion, ["assert_statement"]),
	...rulesFor(always("compared"), [
		"comparison_operator",
		"not_operator",
		"if_statement",
		"while_statement",
		"do_statement",
		"elif_clause",
		"for_statement",
	]),
	...rulesFor(always("case"), [
		"switch_case",
		"expression_case",
		"case_pattern",
		"case_clause",
		"except_clause",
		"catch_clause",
		"as_pattern",
	]),
	...rulesFor(declarator, [
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
	]),
	...rulesFor(defaultValue, [
		"assignment_pattern",
		"object_assignment_pattern",
		"required_parameter",
		"optional_parameter",
		"default_parameter",
		"typed_default_parameter",
	]),
	...rulesFor(always("type"), [
		"literal_type",
		"union_type",
		"enum_assignment",
		"enum_body",
		"property_signature",
	]),
	...rulesFor(nameOrType, [...typeDeclarations, "type_spec", "type_alias", "type_alias_statement"]),
	...rulesFor(annotation, [
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
	]),
	...rulesFor(always("imported"), [
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
	]),
]);
