// All that a handler can answer: what is registered here takes safe text alone, and nothing else registers.

import {
	type CacheHint,
	type GetPromptResult,
	type InputRequiredResult,
	type McpServer,
	ProtocolError,
	ProtocolErrorCode,
	ResourceNotFoundError,
	type ResourceTemplate,
	type ServerContext,
	type StandardSchemaWithJSON,
	type Variables,
} from "@modelcontextprotocol/server";
import { describeError, nothingPersonal, type Safe, type SafeText, safeText } from "../text/index.ts";
import type { KeptPage } from "./kept.ts";
import type { listedSchema } from "./schemas.ts";

type Named = Readonly<Record<string, unknown>>;

/** A call's result: words, and facts where the tool has an output schema. */
export interface SafeResult {
	readonly text: SafeText;
	readonly isError?: true;
	readonly structured?: Safe<Named> | undefined;
	/** For the host alone. */
	readonly meta?: Safe<Named> | undefined;
}

/** What `tools/list` says of a tool: our own words. */
export interface ToolListing {
	readonly title: string;
	readonly description: string;
	readonly inputSchema: ReturnType<typeof listedSchema>;
	readonly outputSchema?: ReturnType<typeof listedSchema>;
	readonly annotations: Readonly<Record<string, string | boolean>>;
	readonly _meta?: Record<string, unknown>;
}

/** What `resources/list` says of one. */
export interface PageListing {
	readonly title: string;
	readonly description: string;
	readonly mimeType: string;
	readonly cacheHint: CacheHint;
}

/** A resource as it is read. */
export interface SafePage {
	readonly text: SafeText;
	/** Of the text, for the host. */
	readonly textMeta?: Record<string, unknown>;
	readonly meta?: Safe<Named>;
}

type PromptArguments = Readonly<Record<string, string | undefined>>;

/** What `prompts/list` says of one. */
export interface PromptListing {
	readonly title: string;
	readonly description: string;
	readonly argsSchema: StandardSchemaWithJSON<unknown, PromptArguments>;
}

export type ReadPage = (variables: Variables, context: ServerContext) => Promise<SafePage | undefined>;

/** Where tools, resources and prompts are registered. */
export interface Outlet {
	tool(
		name: string,
		listing: ToolListing,
		call: (args: unknown, context: ServerContext) => Promise<SafeResult>,
	): void;
	/** @param read undefined: there is none of that address */
	page(name: string, at: string | ResourceTemplate, listing: PageListing, read: ReadPage): void;
	prompt(name: string, listing: PromptListing, write: (args: PromptArguments) => SafeText): void;
	/** What `resources/list` names after the pages, page by page. Once, after all pages. */
	kept(list: (cursor: string | undefined) => Promise<KeptPage>): void;
}

/** @param before what the host has to tell before a call, where it has to tell something */
export function outletOf(
	server: McpServer,
	before: (context: ServerContext) => Promise<InputRequiredResult | undefined>,
): Outlet {
	const pages: (Pick<PageListing, "title" | "description" | "mimeType"> & { uri: string; name: string })[] =
		[];
	return {
		tool(name, listing, call) {
			server.registerTool(name, listing, async (args: unknown, context: ServerContext) => {
				const question = await before(context);
				if (question !== undefined) return question;
				const { text, isError, structured, meta } = await call(args, context);
				return {
					content: [{ type: "text", text }],
					...(isError === undefined ? {} : { isError }),
					...(structured === undefined ? {} : { structuredContent: { ...structured } }),
					...(meta === undefined ? {} : { _meta: { ...meta } }),
				};
			});
		},
		page(name, at, listing, read) {
			const readAt = async (uri: URL, variables: Variables, context: ServerContext) => {
				// The host wrote it.
				const address = safeText(uri.href, nothingPersonal);
				const page = await asProtocolError(() => read(variables, context));
				if (page === undefined) throw new ResourceNotFoundError(address);
				const { text, textMeta, meta } = page;
				const content = { uri: address, mimeType: listing.mimeType, text };
				return {
					contents: [textMeta === undefined ? content : { ...content, _meta: textMeta }],
					...(meta === undefined ? {} : { _meta: { ...meta } }),
				};
			};
			if (typeof at === "string") {
				const { title, description, mimeType } = listing;
				pages.push({ uri: at, name, title, description, mimeType });
				server.registerResource(name, at, listing, (uri, context) => readAt(uri, {}, context));
			} else server.registerResource(name, at, listing, readAt);
		},
		kept(list) {
			// The SDK's own list has no pages.
			server.server.setRequestHandler("resources/list", async ({ params }) => {
				const cursor = params?.cursor;
				const { resources, nextCursor } = await list(cursor);
				const own = resources.map((one) => ({ ...one }));
				return {
					resources: cursor === undefined ? [...pages, ...own] : own,
					...(nextCursor === undefined ? {} : { nextCursor }),
				};
			});
		},
		prompt(name, listing, write) {
			server.registerPrompt(name, listing, (args): GetPromptResult => {
				return { messages: [{ role: "user", content: { type: "text", text: write(args) } }] };
			});
		},
	};
}

/** What keeps a resource from being read is reported in its own words; a fault of ours has none. */
async function asProtocolError<T>(read: () => Promise<T>): Promise<T> {
	try {
		return await read();
	} catch (error) {
		const words = describeError(error);
		if (words === undefined) throw error;
		throw new ProtocolError(ProtocolErrorCode.InternalError, safeText(words, nothingPersonal));
	}
}
