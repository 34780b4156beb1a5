// Finds the path prefix of the API's database routes, and calls them.

import type { z } from "zod";
import type { CheckedSelect } from "../../sql/index.ts";
import { RouteNotFound } from "../failures/index.ts";
import type { AskOptions, Question, Requests } from "../http/requests.ts";
import { tablesAnswer } from "./answers.ts";
import { NothingHere } from "./failure-of.ts";
import { countRows, readData } from "./read-data.ts";

/** Possible prefixes of `/database`; the URL's own path comes first. */
export function prefixCandidates(apiUrl: string): readonly string[] {
	const path = new URL(apiUrl).pathname.replace(/\/+$/, "").replace(/\/database(\/.*)?$/, "");
	if (/(^|\/)v\d+$/.test(path)) return [path];
	return [`${path}/v1`, `${path}/api/v1`];
}

export class Routes {
	#knownPrefix: string | undefined;

	constructor(
		private readonly apiUrl: string,
		private readonly requests: Requests,
	) {}

	/** @throws {RouteNotFound} {UnexpectedAnswer} */
	async prefix({ signal, retry }: AskOptions): Promise<string> {
		if (this.#knownPrefix !== undefined) return this.#knownPrefix;
		const candidates = prefixCandidates(this.apiUrl);
		// This read may be repeated even where the query that waits for it may not.
		const options = { signal, ...(retry === "only_if_limited" ? { retry } : {}) };
		for (const prefix of candidates) {
			try {
				const path = `${prefix}/database/tables`;
				readData(await this.requests.send({ path, route: "tables" }, options), tablesAnswer);
				this.#knownPrefix = prefix;
				return prefix;
			} catch (error) {
				if (!(error instanceof NothingHere)) throw error;
			}
		}
		throw new RouteNotFound(
			candidates.map((prefix) => this.#address(prefix)),
			this.#path(),
		);
	}

	get<T>(route: string, shape: z.ZodType<T>, options: AskOptions): Promise<T> {
		return this.#ask({ route }, shape, options);
	}

	query<T>(select: CheckedSelect, shape: z.ZodType<T>, options: AskOptions): Promise<T> {
		const body = { query: select.text, limit: select.maxRows };
		return this.#ask({ route: "query", selects: [select], body, countRows }, shape, options);
	}

	async #ask<T>(question: Omit<Question, "path">, shape: z.ZodType<T>, options: AskOptions): Promise<T> {
		const prefix = await this.prefix(options);
		const path = `${prefix}/database/${question.route}`;
		try {
			return readData(await this.requests.send({ ...question, path }, options), shape);
		} catch (error) {
			if (!(error instanceof NothingHere)) throw error;
			// The deployment may have moved its routes: the next call searches again.
			this.#knownPrefix = undefined;
			throw new RouteNotFound([this.#address(prefix)], this.#path());
		}
	}

	/** Of the URL; empty where it has none. */
	#path(): string {
		return new URL(this.apiUrl).pathname.replace(/\/+$/, "");
	}

	#address(prefix: string): string {
		return new URL(this.apiUrl).origin + prefix;
	}
}
