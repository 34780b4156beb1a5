// Several environments: each tool takes which one is meant, and its answer names it. With one, nothing of this shows.

import { z } from "zod";
import type { ToolDefinition } from "../answer/index.ts";
import { environmentOfCursor } from "../production/index.ts";
import type { Services } from "../services.ts";

const argument = "environment";
/** The instructions have room for 2,000 characters in all. */
const maxNamesLength = 200;

/** The names of all environments, the default first; none where there is only one. */
export function environmentNames({ environments }: Pick<Services, "environments">): readonly string[] {
	if (environments.length < 2) return [];
	return environments.flatMap(({ config }) => config.environment?.name ?? []);
}

/** The services of each environment. */
export function eachEnvironment(services: Services): readonly Services[] {
	return services.environments.length > 1 ? services.environments : [services];
}

/** The tool as it is listed and read: with the argument, where there are several environments. */
export function inEnvironments(tool: ToolDefinition, services: Services): ToolDefinition {
	const [usual, ...others] = environmentNames(services);
	if (usual === undefined) return tool;
	const environment = z
		.enum([usual, ...others])
		.optional()
		.describe(`Default ${usual}`);
	return {
		...tool,
		input: tool.input.extend({ [argument]: environment }),
		// One of them may be asked where another has no key.
		annotations: (services) => ({
			...tool.annotations(services),
			openWorldHint: services.environments.some((one) => tool.annotations(one).openWorldHint),
		}),
	};
}

/** Why no environment can be named, where one is: the file that would name it cannot be used. */
export function withoutEnvironments({ config }: Services, given: unknown): string | undefined {
	if (typeof given !== "object" || given === null || !(argument in given)) return undefined;
	return config.problems?.find(({ setting }) => setting === "SKILLOMATIC_ENVIRONMENTS")?.message;
}

/** Which environment a call is for, and its arguments without that. */
export interface Meant {
	readonly services: Services;
	readonly args: Record<string, unknown>;
	/** Undefined where there is only one, or where the answer is the same for all. */
	readonly environment: string | undefined;
}

/** A cursor names its own: given alone, it goes on where it began. */
export function meantEnvironment(
	tool: ToolDefinition,
	given: Record<string, unknown>,
	services: Services,
): Meant {
	const [usual] = environmentNames(services);
	if (usual === undefined) return { services, args: given, environment: undefined };
	const { [argument]: asked, cursor, ...others } = given;
	const args = cursor === undefined ? others : { ...others, cursor };
	const name = asked ?? (typeof cursor === "string" ? environmentOfCursor(cursor) : undefined) ?? usual;
	const meant = services.environments.find(({ config }) => config.environment?.name === name) ?? services;
	const isShown = asked !== undefined || tool.ofEnvironment?.(args) !== false;
	return { services: meant, args, environment: isShown ? meant.config.environment?.name : undefined };
}

/** A failure's words, with the environment that it is of, and where the settings stand that it may name. */
export function failureIn({ environments }: Services, name: string | undefined, words: string): string {
	if (name === undefined || words.startsWith("Environment ")) return words;
	const isOfFile = environments.some(
		({ config: { environment } }) => environment?.name === name && environment.from === "file",
	);
	return `Environment ${name}${isOfFile ? " (of SKILLOMATIC_ENVIRONMENTS)" : ""}: ${words}`;
}

/** The sentence for a host's instructions; empty where there is only one environment. */
export function environmentWords(services: Services): string {
	const [usual, ...others] = environmentNames(services);
	if (usual === undefined) return "";
	const all = others.join(", ");
	const known = all.length > maxNamesLength ? `${others.length} others, which its schema lists` : all;
	return `\n\nSeveral environments: ${usual} (default), ${known}. environment says which one a tool asks; each has its own data, cases and patches, and every answer names its own.`;
}
