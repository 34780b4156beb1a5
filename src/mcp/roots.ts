// Asks the host for its roots, once, where the user has named no repository.

import { isAbsolute } from "node:path";
import {
	type InputRequiredResult,
	inputRequired,
	inputResponse,
	type McpServer,
	type ServerContext,
} from "@modelcontextprotocol/server";
import { pathOfUrl } from "../config/index.ts";
import type { Services } from "../services.ts";
import type { Logger } from "./log.ts";

/** How long the host may take, in milliseconds; without an answer the call goes on without roots. */
const patienceMs = 3000;
const capabilitiesKey = "io.modelcontextprotocol/clientCapabilities";
const responseKey = "roots";

/** The roots of one connection. */
export class HostRoots {
	#asked: Promise<void> | undefined;

	constructor(
		private readonly server: McpServer,
		private readonly services: Services,
		private readonly log: Logger,
	) {}

	/** The next call asks again. */
	forget(): void {
		this.#asked = undefined;
	}

	/**
	 * Before a call that may read the repository.
	 *
	 * @returns the question, where the protocol lets a server ask only in its answer (since 2026-07-28)
	 */
	async before(context: ServerContext): Promise<InputRequiredResult | undefined> {
		if (!this.services.takesRoots) return undefined;
		if (context.mcpReq.envelope === undefined) {
			if (this.server.server.getClientCapabilities()?.roots === undefined) return undefined;
			this.#asked ??= this.#ask();
			await this.#asked;
			return undefined;
		}
		if (this.#asked !== undefined || !offersRoots(context)) return undefined;
		const answer = inputResponse(context.mcpReq.inputResponses, responseKey);
		// A host that answers with something else is not asked twice.
		if (answer.kind === "missing" && context.mcpReq.inputResponses === undefined) {
			return inputRequired({ inputRequests: { [responseKey]: inputRequired.listRoots() } });
		}
		this.#asked = answer.kind === "roots" ? this.#use(answer.roots) : Promise.resolve();
		await this.#asked;
		return undefined;
	}

	async #ask(): Promise<void> {
		try {
			const { roots } = await this.server.server.listRoots(undefined, { timeout: patienceMs });
			await this.#use(roots);
		} catch {
			this.log.warn({ fault: "roots", message: "the host did not tell its roots" });
		}
	}

	async #use(roots: readonly { readonly uri: string }[]): Promise<void> {
		const folders = roots.map(({ uri }) => (/^file:/i.test(uri) ? pathOfUrl(uri) : uri));
		const before = this.services.repositories.join();
		await this.services.useRoots(
			folders.filter((folder) => folder !== undefined).filter((folder) => isAbsolute(folder)),
		);
		// With several repositories tools take one more argument. A host that does not list them again may give it too.
		if (this.services.repositories.join() !== before)
			await this.server.server.sendToolListChanged().catch(() => {});
	}
}

function offersRoots({ mcpReq }: ServerContext): boolean {
	const envelope: unknown = mcpReq.envelope;
	if (typeof envelope !== "object" || envelope === null || !(capabilitiesKey in envelope)) return false;
	const capabilities = envelope[capabilitiesKey];
	return typeof capabilities === "object" && capabilities !== null && "roots" in capabilities;
}
