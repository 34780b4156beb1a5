// The conditions that hold where a line is reached: branches around it, exits and checks before it.

import {
	ancestors,
	argumentTypes,
	calleeOf,
	callTypes,
	field,
	functionTypes,
	lastName,
} from "../syntax/nodes.ts";
import type { Node } from "../syntax/syntax.ts";
import { type Condition, not, unknown } from "./condition.ts";
import { bare, compare, conditionNamed, conditionOf, type Declared, valuesOf } from "./read-condition.ts";

const branches = /^(if_statement|elif_clause|ternary_expression|conditional_expression|while_statement)$/;
const blocks =
	/^(statement_block|block|statement_list|program|module|switch_case|switch_default|expression_case|default_case|case_clause)$/;
const cases = /^(switch_case|expression_case|case_clause)$/;
const defaults = /^(switch_default|default_case)$/;
const loops = /^(for_statement|for_in_statement|while_statement|do_statement)$/;
const switches = /^(switch_statement|expression_switch_statement|match_statement)$/;
const leaving = /^(return_statement|throw_statement|raise_statement|continue_statement|break_statement)$/;

/** What `inner` needs to be reached inside `above`, its parent. */
export function conditionsIn(above: Node, inner: Node, declared: Declared): readonly Condition[] {
	if (branches.test(above.type)) return ofBranch(above, inner, declared);
	if (cases.test(above.type) || defaults.test(above.type)) {
		if (field(above, "value", "pattern")?.id === inner.id || inner.type === "case_pattern") return [];
		return [ofCase(above, declared), ...before(above, inner, declared)];
	}
	if (blocks.test(above.type)) return before(above, inner, declared);
	if (above.type === "binary_expression" && field(above, "right")?.id === inner.id) {
		const [sign, left] = [field(above, "operator")?.text, field(above, "left")];
		if (left !== undefined && sign === "&&") return [conditionOf(left, declared)];
		if (left !== undefined && sign === "||") return [not(conditionOf(left, declared))];
	}
	if (argumentTypes.has(above.type) && above.parent !== null)
		return ofCheck(above.parent, inner, declared, not);
	if (/^(object|dictionary)$/.test(above.type)) return ofRule(above, inner, declared);
	return [];
}

function ofBranch(above: Node, inner: Node, declared: Declared): readonly Condition[] {
	const isPython = above.type === "conditional_expression";
	const condition = isPython ? above.namedChild(1) : field(above, "condition");
	if (!condition || condition.id === inner.id) return [];
	const taken = isPython ? above.namedChild(0) : field(above, "consequence", "body");
	const holds = conditionOf(condition, declared);
	if (taken?.id === inner.id) return [holds];
	// Of `elif` and `else`, those before it did not hold either.
	const earlier = above.namedChildren.filter(
		(one) => one?.type === "elif_clause" && one.endIndex <= inner.startIndex,
	);
	const others = earlier.flatMap((one) => (one === null ? [] : [field(one, "condition")]));
	return [
		not(holds),
		...others.flatMap((one) => (one === undefined ? [] : [not(conditionOf(one, declared))])),
	];
}

/** `case "a":`, with the empty cases before it; `default:` is reached by what no case names. */
function ofCase(label: Node, declared: Declared): Condition {
	const body = label.parent;
	const statement = body === null || switches.test(body.type) ? body : body.parent;
	const subject = statement === null ? undefined : field(statement, "value", "subject");
	if (subject === undefined || body === null) return unknown;
	const all = body.namedChildren.flatMap((one) => (one !== null && cases.test(one.type) ? [one] : []));
	const same: Node[] = [];
	let one = label.previousNamedSibling;
	for (; one !== null && cases.test(one.type) && isEmpty(one); one = one.previousNamedSibling) same.push(one);
	// What is before may go on to here: a `default:` without a body, a case without a `break`.
	if (one !== null && defaults.test(one.type) && one.namedChildCount === 0) return unknown;
	if (one?.type === "switch_case" && !leaves(lastChild(one))) return unknown;
	if (defaults.test(label.type) || labelOf(label)?.text === "_") {
		const others = all.filter(({ id }) => id !== label.id && same.every((each) => each.id !== id));
		return { kind: "all", of: others.map((each) => not(labelCondition(each, subject, declared))) };
	}
	same.push(label);
	return { kind: "any", of: same.map((each) => labelCondition(each, subject, declared)) };
}

function isEmpty(label: Node): boolean {
	return label.namedChildCount === 1 && label.type === "switch_case";
}

function labelOf(label: Node): Node | undefined {
	return field(label, "value", "pattern") ?? label.namedChild(0) ?? undefined;
}

function labelCondition(label: Node, subject: Node, declared: Declared): Condition {
	const value = labelOf(label);
	if (value === undefined || value.text === "_") return unknown;
	if (bare(subject).text === "true") return conditionOf(value, declared);
	const alternatives = value.type === "case_pattern" ? value.text.split("|").length : 1;
	const bound = bare(value);
	const listed =
		alternatives > 1 && bound.type === "union_pattern" ? unionOf(bound, declared) : valuesOf(value, declared);
	return listed === undefined ? unknown : compare(subject, "in", listed);
}

/** `case 429 | 503:` of Python. */
function unionOf(pattern: Node, declared: Declared) {
	const all = pattern.namedChildren.map((one) => (one === null ? undefined : valuesOf(one, declared)));
	const known = all.flatMap((one) => (one === undefined ? [] : [one]));
	return known.length < all.length
		? undefined
		: { values: known.flatMap(({ values }) => values), names: known.flatMap(({ names }) => names) };
}

/** Of the statements before one: what has to hold, or not to, for them to be passed. */
function before(block: Node, statement: Node, declared: Declared): readonly Condition[] {
	return block.namedChildren.flatMap((child) =>
		child === null || child.endIndex > statement.startIndex ? [] : passing(child, declared),
	);
}

function passing(child: Node, declared: Declared): readonly Condition[] {
	if (child.type === "if_statement") return passingIf(child, declared);
	if (switches.test(child.type)) return passingSwitch(child, declared);
	if (loops.test(child.type)) return passingLoop(child, declared);
	if (child.type === "try_statement") {
		const handler = child.namedChildren.find((one) => /^(catch_clause|except_clause)$/.test(one?.type ?? ""));
		const body =
			handler === null || handler === undefined ? undefined : (field(handler, "body") ?? lastChild(handler));
		return leaves(field(child, "body")) && body !== undefined ? exitsOf(body, declared) : [];
	}
	const call = child.type === "expression_statement" ? bareCall(child) : undefined;
	const first = call === undefined ? undefined : field(call, "arguments")?.lastNamedChild;
	return call === undefined || !first ? [] : ofCheck(call, first, declared, (one) => one);
}

function bareCall(statement: Node): Node | undefined {
	const inner = statement.namedChild(0);
	const call = inner?.type === "await_expression" ? inner.namedChild(0) : inner;
	return call !== null && call !== undefined && callTypes.has(call.type) ? call : undefined;
}

function passingIf(statement: Node, declared: Declared): readonly Condition[] {
	const condition = field(statement, "condition");
	if (condition === undefined) return [];
	const holds = conditionOf(condition, declared);
	if (leaves(field(statement, "consequence"))) {
		const rest = statement.namedChildren.flatMap((one) =>
			one !== null && /^(else_clause|elif_clause)$/.test(one.type) ? [one] : [],
		);
		const more = rest.flatMap((one) => {
			const nested =
				one.type === "elif_clause" ? one : one.namedChildren.find((each) => each?.type === "if_statement");
			return nested ? passingIf(nested, declared) : [];
		});
		return [not(holds), ...more];
	}
	const otherwise = field(statement, "alternative");
	return otherwise !== undefined && leaves(otherwise) ? [holds] : [];
}

function passingSwitch(statement: Node, declared: Declared): readonly Condition[] {
	const subject = field(statement, "value", "subject");
	const body = field(statement, "body") ?? statement;
	if (subject === undefined) return [];
	return body.namedChildren.flatMap((one) => {
		if (one === null || !cases.test(one.type)) return [];
		const last = lastChild(one);
		const ends =
			last !== undefined && last.id !== labelOf(one)?.id && leaves(last) && last.type !== "break_statement";
		return ends ? [not(ofCase(one, declared))] : [];
	});
}

/** After a loop that always leaves or starts again, what made it start again held; otherwise what would have left did not. */
function passingLoop(loop: Node, declared: Declared): readonly Condition[] {
	const body = field(loop, "body");
	if (body === undefined) return [];
	const last = lastChild(body);
	if (last === undefined || !/^(return|throw|raise)_statement$/.test(last.type))
		return exitsOf(body, declared);
	const again = statementsOf(body).flatMap((one) => {
		const condition = one?.type === "if_statement" ? field(one, "condition") : undefined;
		const end = lastChild(one === null ? undefined : field(one, "consequence"));
		return condition !== undefined && /^(continue|break)_statement$/.test(end?.type ?? "")
			? [conditionOf(condition, declared)]
			: [];
	});
	return again.length === 0 ? [] : [{ kind: "any", of: again }];
}

/** Of a body that was passed to its end: its exits out of the function were not taken. */
function exitsOf(body: Node, declared: Declared): readonly Condition[] {
	return statementsOf(body).flatMap((child) => {
		if (child?.type === "try_statement") return passing(child, declared);
		const end = child?.type === "if_statement" ? lastChild(field(child, "consequence")) : undefined;
		if (child === null || end === undefined || !/^(return|throw|raise)_statement$/.test(end.type)) return [];
		return passingIf(child, declared);
	});
}

/** Go has a list of statements inside a block. */
function statementsOf(body: Node): readonly (Node | null)[] {
	const [first] = body.namedChildren;
	return first?.type === "statement_list" ? first.namedChildren : body.namedChildren;
}

function lastChild(node: Node | undefined): Node | undefined {
	if (node === undefined) return undefined;
	if (leaving.test(node.type)) return node;
	return statementsOf(node).findLast((one) => one !== null && one.type !== "comment") ?? undefined;
}

/** Whether a statement or block always goes elsewhere. */
function leaves(node: Node | undefined): boolean {
	if (node === undefined) return false;
	if (leaving.test(node.type)) return true;
	if (/^(statement_block|block|statement_list|else_clause)$/.test(node.type)) return leaves(lastChild(node));
	return (
		node.type === "if_statement" &&
		leaves(field(node, "consequence")) &&
		leaves(
			node.namedChildren.findLast((one) => /^(else_clause|block|if_statement)$/.test(one?.type ?? "")) ??
				undefined,
		) &&
		field(node, "alternative") !== undefined
	);
}

const demands = /^(assert|invariant|ensure|require|must|expect|check|verify|guard)/i;
const refuses = /(if|when|unless)$/i;

/** `invariant(status !== 404, code)` raises where that does not hold, `throwIf(status === 404, code)` where it does. */
function ofCheck(
	call: Node,
	inner: Node,
	declared: Declared,
	turned: (condition: Condition) => Condition,
): readonly Condition[] {
	const name = lastName(calleeOf(call));
	const asked = field(call, "arguments")?.namedChild(0);
	if (!asked || (asked.id === inner.id && turned === not)) return [];
	if (
		/^(binary_expression|comparison_operator|boolean_operator|unary_expression|not_operator|call_expression)$/.test(
			asked.type,
		)
	) {
		if (refuses.test(name)) return [turned(not(conditionOf(asked, declared)))];
		if (demands.test(name)) return [turned(conditionOf(asked, declared))];
	}
	return [];
}

const predicate = /^(when|if|test|match(es)?|predicate|condition|applies|accepts|is[A-Z]\w*)$/;

/** `{ when: (status) => status === 404, code: "GONE" }`; the key `404` of `{ 404: "GONE" }`, whatever is inside it. */
function ofRule(above: Node, inner: Node, declared: Declared): readonly Condition[] {
	return above.namedChildren.flatMap((pair) => {
		const key = pair === null ? undefined : field(pair, "key", "name");
		const value = pair === null ? undefined : field(pair, "value");
		if (pair === null || key === undefined || value === undefined || pair.id === inner.id) return [];
		const isAsked = predicate.test(key.text) && functionTypes.has(value.type);
		return isAsked ? [conditionNamed(value, declared)] : [];
	});
}

/** All conditions up to the named function around a place. @param isEnd the function where to stop */
export function pathConditions(
	value: Node,
	declared: Declared,
	isEnd: (above: Node) => boolean,
): readonly Condition[] {
	const found: Condition[] = [];
	let inner = value;
	for (const above of ancestors(value)) {
		found.push(...conditionsIn(above, inner, declared));
		if (functionTypes.has(above.type) && isEnd(above)) break;
		inner = above;
	}
	return found.filter(({ kind }) => kind !== "unknown");
}
