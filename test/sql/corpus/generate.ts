import { tables } from "../../../src/sandbox/schema.ts";
import { Random } from "../../../src/sandbox/story/random.ts";
import { withheldColumns } from "./productions.ts";

/** Columns that production gets after the guard has built its mirror; secrets by their names. */
export const addedColumns = ["api_token", "new_salt", "login_otp", "key"] as const;

type TableName = keyof typeof tables;

const sourceNames = [
	"users",
	"organizations",
	"organization_invites",
	"api_keys",
	"skills",
	"integrations",
	"scrape_tasks",
	"system_settings",
	"sessions",
	"roles",
	"user_roles",
	"role_skills",
	"error_events",
	"skill_usage_logs",
] as const satisfies readonly TableName[];

/** Aliases, some of which are names of columns that are withheld, here or in another table, or that came later. */
const aliases = [
	"a",
	"b",
	"n",
	"id",
	"name",
	"value",
	"result",
	"url",
	"metadata",
	"status",
	"email",
	...addedColumns,
];

interface Scope {
	readonly sources: readonly { readonly alias: string; readonly columns: readonly string[] }[];
}

function columnsOf(table: TableName): readonly string[] {
	return tables[table]
		.filter((definition) => !definition.startsWith("PRIMARY"))
		.map((definition) => definition.split(" ")[0] ?? "");
}

/**
 * A query made from a seed: joins, subqueries, common table expressions, set operations, aggregates, windows and row
 * values, over readable columns for the most part; now and then a withheld one, or a name that might capture one.
 */
export function generateQuery(seed: number): string {
	return new Generator(new Random(seed)).statement();
}

class Generator {
	#names = 0;

	constructor(private readonly random: Random) {}

	statement(): string {
		const body = this.#select({ sources: [] }, 2);
		if (!this.random.chance(0.2)) return body;
		const name = this.random.pick(["t", "recent", "found"]);
		return `WITH ${name}(${this.random.pick(aliases)}) AS (SELECT ${this.#value(this.#scope("roles"), 1)} FROM roles AS s0) SELECT * FROM ${name}, (${body}) AS x`;
	}

	#scope(table: TableName): Scope {
		return { sources: [{ alias: "s0", columns: columnsOf(table) }] };
	}

	#select(outer: Scope, depth: number): string {
		const { from, scope } = this.#from(outer, depth);
		const kind = this.random.pick(["rows", "rows", "group", "window", "set", "star"] as const);
		const where = this.random.chance(0.5) ? ` WHERE ${this.#condition(scope, depth)}` : "";
		const order = this.random.chance(0.4)
			? ` ORDER BY ${this.random.pick(["1", "1 DESC", this.#value(scope, 0)])}`
			: "";
		const limit = this.random.chance(0.3) ? ` LIMIT ${this.random.integer(1, 9)}` : "";
		switch (kind) {
			case "rows":
				return `SELECT ${this.random.chance(0.2) ? "DISTINCT " : ""}${this.#list(scope, depth)} FROM ${from}${where}${order}${limit}`;
			case "group":
				return `SELECT ${this.#aggregate(scope)} AS ${this.random.pick(aliases)}, ${this.#aggregate(scope)} FROM ${from}${where} GROUP BY ${this.#value(scope, 0)}${this.random.chance(0.3) ? ` HAVING ${this.#aggregate(scope)} > ${this.random.integer(0, 9)}` : ""}${limit}`;
			case "window":
				return `SELECT ${this.#column(scope)}, ${this.random.pick(["row_number()", "rank()", `lag(${this.#column(scope)})`, `count(${this.#column(scope)})`, `first_value(${this.#column(scope)})`])} OVER (${this.random.chance(0.5) ? `PARTITION BY ${this.#column(scope)} ` : ""}ORDER BY ${this.#value(scope, 0)}) FROM ${from}${where}${limit}`;
			case "set":
				return `SELECT ${this.#value(scope, 0)} FROM ${from}${where} ${this.random.pick(["UNION", "UNION ALL", "INTERSECT", "EXCEPT"])} SELECT ${this.#value(this.#scope("users"), 0)} FROM users AS s0${limit}`;
			case "star": {
				const star = this.random.chance(0.5) ? "*" : `${scope.sources[0]?.alias}.*`;
				const place = this.random.integer(1, 9);
				const sorted = this.random.chance(0.3) ? ` ORDER BY ${place}` : "";
				return this.random.chance(0.2)
					? `SELECT count(*) FROM (SELECT ${star} FROM ${from}${where} GROUP BY ${place})`
					: `SELECT ${star} FROM ${from}${where}${sorted}${limit}`;
			}
		}
	}

	#from(outer: Scope, depth: number): { from: string; scope: Scope } {
		const [first, second] = [this.#source(outer, depth), this.#source(outer, depth)];
		if (this.random.chance(0.6)) return { from: first.text, scope: merge([first], outer) };
		const shared = first.columns.filter((column) => second.columns.includes(column));
		const scope = merge([first, second], outer);
		const using = this.random.chance(0.4) && shared.length > 0;
		const on = using
			? `USING (${this.random.pick(shared)})`
			: `ON ${first.alias}.${this.#readable(first)} = ${second.alias}.${this.#readable(second)}`;
		const join = this.random.pick(["JOIN", "LEFT JOIN", "FULL JOIN", "RIGHT JOIN"]);
		return { from: `${first.text} ${join} ${second.text} ${on}`, scope };
	}

	#source(outer: Scope, depth: number): { text: string; alias: string; columns: readonly string[] } {
		this.#names += 1;
		const alias = this.random.chance(0.85)
			? `s${this.#names}`
			: this.random.pick(["users", "o", "t", "window", "left", "cross", "over"]);
		if (this.random.chance(0.04)) {
			// A join in parentheses, called as a function may be elsewhere.
			const called = this.random.chance(0.5) ? "j" : alias;
			return {
				text: `(${this.random.pick(sourceNames)}, roles) AS ${called}`,
				alias: called,
				columns: ["id", "key"],
			};
		}
		if (this.random.chance(0.04))
			return { text: "json_each('[1, 2]') AS j", alias: "j", columns: ["key", "value"] };
		if (this.random.chance(0.04)) {
			// Without AS, some words are names and others are not.
			const bare = this.random.pick(["window", "over", "filter", "w"]);
			return { text: `(SELECT 1 AS one) ${bare}`, alias: bare, columns: ["one"] };
		}
		if (depth > 0 && this.random.chance(0.2)) {
			const column = this.random.pick(aliases);
			const scope = this.#scope("users");
			const text = `(SELECT ${this.#value(scope, 0)} AS ${column}, s0.id AS id FROM users AS s0) AS ${alias}`;
			return { text, alias, columns: [column, "id"] };
		}
		if (outer.sources.length > 0 && this.random.chance(0.1)) {
			return {
				text: `(SELECT 1 AS ${this.random.pick(aliases)}, 'x' AS id) AS ${alias}`,
				alias,
				columns: ["id"],
			};
		}
		const table = this.random.pick(sourceNames);
		return { text: `${table} AS ${alias}`, alias, columns: this.#offered(table) };
	}

	/** Mostly readable columns, so that most queries are accepted. */
	#offered(table: TableName): readonly string[] {
		const withheld = this.random.chance(0.04);
		return [
			...columnsOf(table).filter((column) => withheld || !withheldColumns.includes(`${table}.${column}`)),
		];
	}

	#readable(source: { readonly columns: readonly string[] }): string {
		return this.random.pick(source.columns);
	}

	#column(scope: Scope): string {
		if (scope.sources.length === 0) return "1";
		if (this.random.chance(0.03)) return this.random.pick(aliases);
		const source = this.random.pick(scope.sources);
		const column = this.random.pick(source.columns);
		return this.random.chance(0.7) ? `${source.alias}.${column}` : column;
	}

	#value(scope: Scope, depth: number): string {
		const column = () => this.#column(scope);
		const forms = [
			column,
			column,
			column,
			() => `length(${column()})`,
			() => `substr(${column()}, ${this.random.integer(1, 5)}, 3)`,
			() => `coalesce(${column()}, ${column()})`,
			() => `${column()} || '-' || ${column()}`,
			() => `hex(${column()})`,
			() => `CASE WHEN ${column()} > ${column()} THEN 1 ELSE ${column()} END`,
			() => `typeof(${column()})`,
			() => `json_array(${column()}, ${column()})`,
			() => `(${column()}, 1) < (${column()}, 2)`,
			() => `${this.random.integer(0, 99)}`,
		];
		if (depth > 0 && this.random.chance(0.25)) return `(${this.#scalar(scope, depth - 1)})`;
		return this.random.pick(forms)();
	}

	/** Correlated, more often than not. */
	#scalar(outer: Scope, depth: number): string {
		const source = this.#source(outer, depth);
		const scope = merge([source], outer);
		const value = this.random.chance(0.5) ? this.#aggregate(scope) : this.#value(scope, 0);
		return `SELECT ${value} FROM ${source.text} WHERE ${this.#condition(scope, 0)} LIMIT 1`;
	}

	#list(scope: Scope, depth: number): string {
		return Array.from({ length: this.random.integer(1, 3) }, () => {
			const value = this.#value(scope, depth);
			return this.random.chance(0.3) ? `${value} AS ${this.random.pick(aliases)}` : value;
		}).join(", ");
	}

	#aggregate(scope: Scope): string {
		const name = this.random.pick(["count", "min", "max", "sum", "group_concat", "total"]);
		const filter = this.random.chance(0.2) ? ` FILTER (WHERE ${this.#column(scope)} IS NOT NULL)` : "";
		return this.random.chance(0.2) ? "count(*)" : `${name}(${this.#column(scope)})${filter}`;
	}

	#condition(scope: Scope, depth: number): string {
		const column = () => this.#column(scope);
		const forms = [
			() => `${column()} > ${column()}`,
			() => `${column()} = ${this.random.pick(["'connected'", "'error'", "1", "'role-admin'"])}`,
			() => `${column()} LIKE '%${this.random.pick(["a", "e", "x", "1"])}%'`,
			() => `${column()} IS NOT NULL`,
			() => `${column()} IS DISTINCT FROM ${column()}`,
			() => `${column()} BETWEEN ${column()} AND ${column()}`,
			() => `(${column()}, ${column()}) >= (${column()}, 'm')`,
			() => `${column()} IN (SELECT ${this.#value(this.#scope("user_roles"), 0)} FROM user_roles AS s0)`,
		];
		if (depth > 0 && this.random.chance(0.3)) return `EXISTS (${this.#scalar(scope, depth - 1)})`;
		const one = this.random.pick(forms)();
		return this.random.chance(0.2)
			? `${one} ${this.random.pick(["AND", "OR"])} ${this.random.pick(forms)()}`
			: one;
	}
}

function merge(
	sources: readonly { readonly alias: string; readonly columns: readonly string[] }[],
	outer: Scope,
): Scope {
	return { sources: [...sources.map(({ alias, columns }) => ({ alias, columns })), ...outer.sources] };
}
