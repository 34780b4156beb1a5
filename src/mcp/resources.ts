// The resources: a reference of error codes, and the patches that were proposed.

import {
	type McpServer,
	ProtocolError,
	ProtocolErrorCode,
	ResourceNotFoundError,
	ResourceTemplate,
} from "@modelcontextprotocol/server";
import { renderErrorCode, renderErrorCodes } from "../answer/index.ts";
import { PatchUnknown, type ReadPatch } from "../patch/index.ts";
import { errorCodeReference, errorCodes } from "../production/index.ts";
import type { Services } from "../services.ts";
import { describeError, maskSecrets, quoteUntrusted } from "../text/index.ts";

const markdown = "text/markdown";
const day = 24 * 3600 * 1000;

export function registerResources(server: McpServer, services: Services): void {
	server.registerResource(
		"error-codes",
		"skillomatic://error-codes",
		{
			title: "Error codes",
			description:
				"The 25 codes that production accepts: category, common cause, where to look first, what to try.",
			mimeType: markdown,
			cacheHint: { ttlMs: day, cacheScope: "public" },
		},
		(uri) => ({ contents: [{ uri: uri.href, mimeType: markdown, text: renderErrorCodes(errorCodes) }] }),
	);
	server.registerResource(
		"error-code",
		new ResourceTemplate("skillomatic://error-codes/{code}", {
			list: undefined,
			complete: {
				code: (typed) =>
					errorCodes.map(({ code }) => code).filter((code) => code.startsWith(typed.toUpperCase())),
			},
		}),
		{
			title: "One error code",
			description: "Category, common cause, where to look, what to try, what the name hides.",
			mimeType: markdown,
			cacheHint: { ttlMs: day, cacheScope: "public" },
		},
		(uri, { code }) => {
			const reference = typeof code === "string" ? errorCodeReference(code.toUpperCase()) : undefined;
			if (reference === undefined) throw new ResourceNotFoundError(uri.href);
			return { contents: [{ uri: uri.href, mimeType: markdown, text: renderErrorCode(reference) }] };
		},
	);
	server.registerResource(
		"patch",
		new ResourceTemplate("patch://{id}", { list: undefined }),
		{
			title: "A proposed patch",
			description: "The diff of a patch that propose_patch kept, by its id.",
			mimeType: "text/x-diff",
			cacheHint: { ttlMs: 0, cacheScope: "private" },
		},
		async (uri, { id }, context) => {
			if (typeof id !== "string" || !/^[a-z0-9]{1,64}$/.test(id)) throw new ResourceNotFoundError(uri.href);
			const patch = await readPatch(services, id, context.mcpReq.signal);
			if (patch === undefined) throw new ResourceNotFoundError(uri.href);
			const text = maskSecrets(patch.diff);
			return {
				contents: [{ uri: uri.href, mimeType: "text/x-diff", text }],
				_meta: {
					title: quoteUntrusted(maskSecrets(patch.title)),
					stale: patch.stale,
					applies: patch.applies,
					masked: text !== patch.diff,
				},
			};
		},
	);
}

/** @returns undefined where no patch has this id; other failures are thrown with their explanation */
async function readPatch(
	services: Services,
	id: string,
	signal: AbortSignal,
): Promise<ReadPatch | undefined> {
	try {
		return await services.patches().read(id, signal);
	} catch (error) {
		if (error instanceof PatchUnknown) return undefined;
		const words = describeError(error);
		throw words === undefined ? error : new ProtocolError(ProtocolErrorCode.InternalError, words);
	}
}
