import { tools } from "../../tools/index.ts";

/** One good call of every tool, on the demo's production and code base. */
export const exampleCalls: Readonly<Record<string, Readonly<Record<string, unknown>>>> = Object.fromEntries(
	tools.map(({ name, example }) => [name, example]),
);
