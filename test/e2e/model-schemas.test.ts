// The tools' input schemas against the strictest subset that models' APIs and hosts are known to take.
import { expect, test } from "vitest";
import { connect } from "./connect.ts";
import { schemaFaults, toolFaults } from "./strict-schema.ts";

test("every tool's definition is in the subset that all models' APIs take", async () => {
	const { client, close } = await connect();
	try {
		const { tools } = await client.listTools();
		expect(tools.length).toBeGreaterThanOrEqual(9);
		expect(tools.flatMap(toolFaults)).toEqual([]);
	} finally {
		await close();
	}
});

test.each<[string, object]>([
	["a union", { anyOf: [{ type: "string" }, { type: "number" }], description: "x" }],
	["a constant", { const: true }],
	["a list of types", { type: ["string", "null"] }],
	["a list without items", { type: "array" }],
	["items that say nothing", { type: "array", items: {} }],
	["a tuple", { type: "array", items: [{ type: "string" }] }],
	["a value of no type", { description: "anything" }],
	["a reference", { $ref: "#/$defs/x" }],
	["an enum of numbers", { type: "integer", enum: [1, 2] }],
	["an empty name in an enum", { type: "string", enum: ["a", ""] }],
	["an object that takes any name", { type: "object", properties: {} }],
	["names by pattern", { type: "object", additionalProperties: false, patternProperties: {} }],
	["an exclusive bound", { type: "number", exclusiveMinimum: 0 }],
	["a default", { type: "number", default: 1 }],
])("the checker refuses %s", (_, schema) => {
	const inside = { type: "object", additionalProperties: false, properties: { value: schema } };
	expect(schemaFaults(inside, "input")).not.toEqual([]);
});
