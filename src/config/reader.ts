// Gives one setting's value, and keeps the sentence of one that cannot be used.

import type { Environment } from "./paths.ts";
import { ConfigError, type SettingName } from "./settings.ts";

/** A setting that cannot be used, and the sentence that says why. */
export interface SettingProblem {
	readonly setting: SettingName | "HTTPS_PROXY";
	readonly message: string;
}

export type GivenSetting = (name: SettingName) => string | undefined;

export interface SettingReader {
	/** The setting's text; undefined where it is unset. */
	readonly given: GivenSetting;
	/** What `read` returns, or `otherwise` where it throws a ConfigError: its sentence is kept among the problems. */
	usable<T>(setting: SettingProblem["setting"], read: () => T | Promise<T>, otherwise: T): Promise<T>;
	readonly env: Environment;
	/** Where a relative path begins. */
	readonly cwd: string;
	readonly problems: readonly SettingProblem[];
}

/** An empty value, or a host's unfilled `${…}`, counts as unset: a host leaves it where the user left a field blank. */
export function settingIn(values: (name: SettingName) => string | undefined): GivenSetting {
	return (name) => {
		const value = values(name);
		const isUnset = value === undefined || /^(?:\$\{[^{}]*\})?$/.test(value.trim());
		return isUnset ? undefined : value;
	};
}

/** @param where what a problem's sentence begins with */
export function readerOf({
	given,
	env,
	cwd,
	where = "",
}: Pick<SettingReader, "given" | "env" | "cwd"> & { readonly where?: string }): SettingReader {
	const problems: SettingProblem[] = [];
	return {
		given,
		env,
		cwd,
		problems,
		async usable(setting, read, otherwise) {
			try {
				return await read();
			} catch (error) {
				if (!(error instanceof ConfigError)) throw error;
				problems.push({ setting, message: `${where}${error.message}` });
				return otherwise;
			}
		},
	};
}
