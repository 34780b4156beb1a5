// Small programs with cases, and their mutants: what the benches of proofs break and fix.

/** A function in JavaScript and in Python, and calls whose results tell mutants apart. */
export interface Program {
	readonly name: string;
	readonly javascript: string;
	readonly python: string;
	/** Arguments as JSON. */
	readonly calls: readonly (readonly unknown[])[];
}

export const programs: readonly Program[] = [
	{
		name: "backoff",
		javascript:
			"export function backoff(attempt, base, most) {\n  let wait = base;\n  for (let i = 0; i < attempt; i += 1) wait = wait * 2;\n  return wait > most ? most : wait;\n}\n",
		python:
			"def backoff(attempt, base, most):\n    wait = base\n    for i in range(0, attempt):\n        wait = wait * 2\n    return most if wait > most else wait\n",
		calls: [
			[0, 100, 1000],
			[1, 100, 1000],
			[3, 100, 1000],
			[5, 100, 1000],
			[0, 2000, 1000],
			[2, 0, 10],
			[1, 5, 10],
		],
	},
	{
		name: "expired",
		javascript:
			"export function expired(token, now) {\n  if (token.revoked === true) return true;\n  const left = token.expiresAt - now;\n  return left < 60 && token.grace + left <= 0;\n}\n",
		python:
			"def expired(token, now):\n    if token['revoked'] == True:\n        return True\n    left = token['expiresAt'] - now\n    return left < 60 and token['grace'] + left <= 0\n",
		calls: [
			[{ revoked: false, expiresAt: 100, grace: 0 }, 100],
			[{ revoked: false, expiresAt: 100, grace: 5 }, 100],
			[{ revoked: true, expiresAt: 500, grace: 0 }, 100],
			[{ revoked: false, expiresAt: 160, grace: -60 }, 100],
			[{ revoked: false, expiresAt: 100, grace: 0 }, 300],
			[{ revoked: false, expiresAt: 170, grace: -200 }, 100],
			[{ revoked: false, expiresAt: 900, grace: 0 }, 100],
		],
	},
	{
		name: "total",
		javascript:
			"export function total(prices, percent) {\n  let sum = 0;\n  for (const price of prices) sum = sum + price;\n  if (sum >= 100 && percent > 0) sum = sum - (sum * percent) / 100;\n  return sum;\n}\n",
		python:
			"def total(prices, percent):\n    sum = 0\n    for price in prices:\n        sum = sum + price\n    if sum >= 100 and percent > 0:\n        sum = sum - (sum * percent) / 100\n    return sum\n",
		calls: [
			[[], 10],
			[[50, 50], 10],
			[[99], 10],
			[[150, 50], 0],
			[[150, 50], 50],
			[[1, 2, 3], 0],
			[[200], -5],
		],
	},
	{
		name: "overlaps",
		javascript:
			"export function overlaps(one, other) {\n  const from = one.start + 0;\n  return from < other.end && other.start < one.end && one.room === other.room;\n}\n",
		python:
			"def overlaps(one, other):\n    start = one['start'] + 0\n    return start < other['end'] and other['start'] < one['end'] and one['room'] == other['room']\n",
		calls: [
			[
				{ start: 0, end: 2, room: 1 },
				{ start: 1, end: 3, room: 1 },
			],
			[
				{ start: 0, end: 2, room: 1 },
				{ start: 2, end: 3, room: 1 },
			],
			[
				{ start: 2, end: 3, room: 1 },
				{ start: 0, end: 2, room: 1 },
			],
			[
				{ start: 0, end: 2, room: 1 },
				{ start: 1, end: 3, room: 2 },
			],
			[
				{ start: 5, end: 9, room: 1 },
				{ start: 0, end: 2, room: 1 },
			],
		],
	},
	{
		name: "page",
		javascript:
			"export function page(items, number, size) {\n  const from = (number - 1) * size;\n  const until = from + size;\n  const more = until < items.length;\n  return { shown: items.slice(from, until), more: more === true };\n}\n",
		python:
			"def page(items, number, size):\n    start = (number - 1) * size\n    until = start + size\n    more = until < len(items)\n    return {'shown': items[start:until], 'more': more == True}\n",
		calls: [
			[[1, 2, 3, 4, 5], 1, 2],
			[[1, 2, 3, 4, 5], 3, 2],
			[[1, 2, 3, 4], 2, 2],
			[[], 1, 2],
			[[1, 2, 3], 1, 3],
		],
	},
];

/** Operators and numbers, and what a mutant has instead. */
const swaps: readonly (readonly [RegExp, string])[] = [
	[/ < /g, " <= "],
	[/ < /g, " > "],
	[/ <= /g, " < "],
	[/ > /g, " >= "],
	[/ > /g, " < "],
	[/ >= /g, " > "],
	[/ \+ /g, " - "],
	[/ - /g, " + "],
	[/ \* /g, " + "],
	[/ === /g, " !== "],
	[/ == /g, " != "],
	[/ && /g, " || "],
	[/ and /g, " or "],
	[/\b0\b/g, "1"],
	[/\b60\b/g, "61"],
	[/\b100\b/g, "99"],
	[/\b1\b/g, "2"],
	[/\b2\b/g, "3"],
];

/** Each swap at each of its places. */
export function mutantsOf(source: string): readonly string[] {
	const found = new Set<string>();
	for (const [pattern, instead] of swaps) {
		for (const match of source.matchAll(pattern)) {
			found.add(source.slice(0, match.index) + instead + source.slice(match.index + match[0].length));
		}
	}
	found.delete(source);
	return [...found];
}
