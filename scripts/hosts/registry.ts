// The package's entry in the MCP registry.

import { type HostSetting, hostSettings, json, product } from "./product.ts";

function format({ field }: HostSetting): object {
	switch (field) {
		case "number":
			return { format: "number" };
		case "folder":
		case "file":
			return { format: "filepath" };
		case "checkbox":
			return { choices: ["0", "1"] };
		case "secret":
			return { isSecret: true };
		case "text":
			return {};
	}
}

/** A default that is a value, not a description of what happens without one. */
function value({ setting }: HostSetting): object {
	return /^\S+$/.test(setting.default) && setting.default !== "unset" ? { default: setting.default } : {};
}

/**
 * @see https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json
 */
export function registryFile(): string {
	return json({
		$schema: "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
		name: product.registryName,
		title: product.title,
		description: product.summary,
		version: product.version,
		packages: [
			{
				registryType: "npm",
				identifier: product.name,
				version: product.version,
				transport: { type: "stdio" },
				environmentVariables: hostSettings.map((one) => ({
					name: one.name,
					description: `${one.setting.about}; takes ${one.setting.takes}`,
					isRequired: false,
					...format(one),
					...value(one),
				})),
			},
		],
	});
}
