// The argument by which a call chooses one of several repositories, and what names one in other arguments.

import { z } from "zod";
import type { ToolDefinition } from "../answer/index.ts";
import type { Services } from "../services.ts";
import { InvalidArgument } from "../text/index.ts";

const inputs = new WeakMap<ToolDefinition, Map<string, z.ZodObject>>();

/** A tool's arguments, with `repo` where it works in one of several repositories. */
export function inputOf(tool: ToolDefinition, names: readonly string[]): z.ZodObject {
	if (tool.repository === undefined || names.length === 0) return tool.input;
	const made = inputs.get(tool) ?? new Map<string, z.ZodObject>();
	inputs.set(tool, made);
	const key = names.join(",");
	const input =
		made.get(key) ?? tool.input.extend({ repo: z.enum(names).optional().describe(describes(tool, names)) });
	made.set(key, input);
	return input;
}

function describes({ repository }: ToolDefinition, [first = ""]: readonly string[]): string {
	return repository === "one"
		? "The repository of the paths"
		: `Default all; a path may begin with it: ${first}:src`;
}

type Arguments = Readonly<Record<string, unknown>>;

/** Arguments that may be led by a repository's name, as in `web:src/app.ts`. */
const led = ["path", "commit", "revert", "cursor"] as const;

/**
 * @returns the services of the repository that the arguments name, and the arguments without its name
 * @throws {InvalidArgument} where they name two
 */
export function chosenRepository(
	tool: ToolDefinition,
	args: Arguments,
	services: Services,
): { readonly args: Arguments; readonly services: Services } {
	const names = services.repositories;
	if (tool.repository === undefined || names.length === 0) return { args, services };
	const { repo, ...others }: Record<string, unknown> = args;
	const choice = new Choice(names, typeof repo === "string" ? repo : undefined);
	for (const field of led) if (field in others) others[field] = choice.without(field, others[field]);
	if (Array.isArray(others.edits)) others.edits = others.edits.map((edit) => choice.ofEdit(edit));
	if (Array.isArray(others.test)) others.test = others.test.map((path) => choice.without("test", path));
	const { name } = choice;
	return { args: others, services: name === undefined ? services : services.inRepository(name) };
}

class Choice {
	constructor(
		private readonly names: readonly string[],
		public name: string | undefined,
	) {}

	ofEdit(edit: unknown): unknown {
		if (typeof edit !== "object" || edit === null || !("path" in edit)) return edit;
		return { ...edit, path: this.without("edits", edit.path) };
	}

	without(field: string, value: unknown): unknown {
		const [, lead = "", rest] = (typeof value === "string" && /^([\w.-]{2,40}):(.+)$/s.exec(value)) || [];
		const named = this.names.find((name) => name.toLowerCase() === lead.toLowerCase());
		if (named === undefined) return value;
		this.name ??= named;
		if (this.name === named) return rest;
		throw new InvalidArgument(
			field,
			`it names the repository ${named} beside ${this.name}, and a call works in one.`,
			"Make one call for each repository.",
		);
	}
}
