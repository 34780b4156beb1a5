// The strictest subset of JSON Schema that is known among the APIs and hosts that get our tools, from their own rules.

interface Listed {
	readonly name: string;
	readonly description?: string | undefined;
	readonly inputSchema: object;
	readonly outputSchema?: object | undefined;
}

/**
 * Keywords that all of them take. OpenAI's strict functions refuse allOf, not, if, dependentRequired and
 * patternProperties, and a root that is anything but an object; Gemini and Vertex AI know `Schema`'s fields alone, so
 * not const, oneOf, $ref, exclusive bounds; Vertex AI refuses a field beside anyOf; `additionalProperties: false` is
 * what OpenAI asks for, and clients of Gemini drop it.
 */
const keywords = new Set([
	"type",
	"description",
	"enum",
	"items",
	"minItems",
	"maxItems",
	"properties",
	"required",
	"additionalProperties",
	"minimum",
	"maximum",
	"pattern",
]);
const types = ["string", "number", "integer", "boolean", "array", "object"];
/** Of OpenAI's structured outputs. */
const maxDepth = 10;

/** Cursor takes names of 60 characters together with the server's; VS Code takes letters, digits, `_` and `-`. */
export function toolFaults({ name, description, inputSchema, outputSchema }: Listed): readonly string[] {
	return [
		...(/^[a-z][a-z0-9_]{0,39}$/.test(name) ? [] : [`${name}: its name`]),
		// OpenAI's upper bound for a function's description.
		...(description !== undefined && description.length <= 1024 ? [] : [`${name}: its description`]),
		...schemaFaults(inputSchema, name),
		...listFaults(outputSchema, `${name}'s answer`),
	];
}

/** What is wrong with an input schema. */
export function schemaFaults(schema: unknown, at: string, depth = 0): readonly string[] {
	if (typeof schema !== "object" || schema === null || Array.isArray(schema))
		return [`${at}: is not a schema`];
	const { type, ...rest } = schema as Record<string, unknown>;
	const faults = Object.keys(rest)
		.filter((keyword) => !keywords.has(keyword))
		.map((keyword) => `${at}: ${keyword}`);
	if (typeof type !== "string" || !types.includes(type)) faults.push(`${at}: its type`);
	if (depth === 0 && type !== "object") faults.push(`${at}: its root`);
	if (depth > maxDepth) return [...faults, `${at}: its depth`];
	if ("enum" in rest) {
		const values: unknown = rest.enum;
		const areNames = Array.isArray(values) && values.every((one) => typeof one === "string" && one !== "");
		if (!areNames || type !== "string") faults.push(`${at}: its enum`);
	}
	if (type === "array") faults.push(...schemaFaults(rest.items, `${at}[]`, depth + 1));
	if (type !== "object") return faults;
	if (rest.additionalProperties !== false) faults.push(`${at}: additionalProperties`);
	const properties = Object.entries((rest.properties ?? {}) as Record<string, unknown>);
	const required: unknown = rest.required ?? [];
	for (const name of Array.isArray(required) ? required : [required])
		if (!properties.some(([known]) => known === name)) faults.push(`${at}: requires ${String(name)}`);
	for (const [name, inner] of properties) {
		if (!/^[a-zA-Z0-9_]{1,64}$/.test(name)) faults.push(`${at}: the name ${name}`);
		faults.push(...schemaFaults(inner, `${at}.${name}`, depth + 1));
	}
	return faults;
}

/** VS Code refuses a tool with a list, anywhere in its schemas, that does not say its items. */
function listFaults(schema: unknown, at: string): readonly string[] {
	if (typeof schema !== "object" || schema === null) return [];
	const named = schema as Record<string, unknown>;
	const own = named.type === "array" && (typeof named.items !== "object" || Array.isArray(named.items));
	return [
		...(own ? [`${at}: a list without items`] : []),
		...Object.entries(named).flatMap(([name, inner]) => listFaults(inner, `${at}.${name}`)),
	];
}
