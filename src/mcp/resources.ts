// The resources: a reference of error codes, and what is kept: patches, cases and reports.

import { ResourceTemplate } from "@modelcontextprotocol/server";
import {
	inWhichever,
	renderCase,
	renderErrorCode,
	renderErrorCodes,
	renderPatchHead,
} from "../answer/index.ts";
import { PatchUnknown, type ReadPatch } from "../patch/index.ts";
import { errorCodeReference, errorCodes } from "../production/index.ts";
import { keptReports } from "../report/index.ts";
import type { Services } from "../services.ts";
import { exactText, joined, quoteUntrusted, safeFacts, safeText, secretsOnly } from "../text/index.ts";
import { eachEnvironment } from "./environments.ts";
import type { Outlet } from "./outlet.ts";

const mimeType = "text/markdown";
const day = 24 * 3600 * 1000;

export function registerResources(outlet: Outlet, services: Services): void {
	registerReference(outlet);
	registerPatches(outlet, services);
	registerCases(outlet, services);
	registerReports(outlet, services);
}

function registerReference(outlet: Outlet): void {
	outlet.page(
		"error-codes",
		"skillomatic://error-codes",
		{
			title: "Error codes",
			description:
				"The 25 codes that production accepts: category, common cause, where to look first, what to try.",
			mimeType,
			cacheHint: { ttlMs: day, cacheScope: "public" },
		},
		async () => ({ text: safeText(renderErrorCodes(errorCodes), secretsOnly) }),
	);
	outlet.page(
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
			mimeType,
			cacheHint: { ttlMs: day, cacheScope: "public" },
		},
		async ({ code }) => {
			const reference = typeof code === "string" ? errorCodeReference(code.toUpperCase()) : undefined;
			return reference === undefined
				? undefined
				: { text: safeText(renderErrorCode(reference), secretsOnly) };
		},
	);
}

function registerPatches(outlet: Outlet, services: Services): void {
	outlet.page(
		"patch",
		new ResourceTemplate("patch://{id}", { list: undefined }),
		{
			title: "A proposed patch",
			description:
				"A patch that propose_patch kept: its proof and check, its age, whether it applies or has landed, and its diff.",
			mimeType: "text/x-diff",
			cacheHint: { ttlMs: 0, cacheScope: "private" },
		},
		async ({ id }, context) => {
			if (typeof id !== "string" || !/^[a-z0-9]{1,64}$/.test(id)) return undefined;
			const { signal } = context.mcpReq;
			const read = await readPatch(services, id, signal);
			if (read === undefined) return undefined;
			const { found: patch, services: own } = read;
			const landed = await own
				.patches()
				.inHead(id, signal)
				.catch(() => undefined);
			signal.throwIfAborted();
			const diff = exactText(patch.diff);
			const head = renderPatchHead(id, patch, landed, services.clock.now());
			const { stale, applies, exact } = patch;
			const title = quoteUntrusted(patch.title);
			const masked = diff !== patch.diff;
			const meta = { title, stale, applies, exact, masked, landed: landed?.state ?? "not_known" };
			return { text: joined([head, diff], ""), meta: safeFacts(meta, secretsOnly) };
		},
	);
}

function registerCases(outlet: Outlet, services: Services): void {
	outlet.page(
		"case",
		new ResourceTemplate("case://{id}", { list: undefined }),
		{
			title: "A case",
			description:
				"What is remembered of a trouble: what the server checked, and apart from it what agents and others wrote.",
			mimeType,
			cacheHint: { ttlMs: 0, cacheScope: "private" },
		},
		async ({ id }) => {
			if (typeof id !== "string" || !/^[0-9a-f]{8}$/.test(id)) return undefined;
			const all = await Promise.all(eachEnvironment(services).map((own) => own.memory().all()));
			// Of several environments and repositories each may have one.
			const found = all.flat().filter((one) => one.id === id);
			return found.length === 0 ? undefined : { text: joined(found.map(renderCase), "\n") };
		},
	);
}

function registerReports(outlet: Outlet, services: Services): void {
	outlet.page(
		"report",
		new ResourceTemplate("report://{id}", { list: undefined }),
		{
			title: "A report",
			description: "A Production Debug Report as debug_report gave it.",
			mimeType,
			cacheHint: { ttlMs: 0, cacheScope: "private" },
		},
		async ({ id }) => {
			const all = await Promise.all(eachEnvironment(services).map(keptReports));
			const one = all.flat().find((report) => report.id === id);
			return one === undefined ? undefined : { text: safeText(one.text, secretsOnly) };
		},
	);
}

/**
 * The patch of whichever environment keeps it: an id stands for a content.
 *
 * @returns undefined where no patch has this id; other failures are thrown with their explanation
 */
async function readPatch(
	{ environments }: Services,
	id: string,
	signal: AbortSignal,
): Promise<{ readonly found: ReadPatch; readonly services: Services } | undefined> {
	for (const services of environments) {
		try {
			return await inWhichever(services, "id", (own) => own.patches().read(id, signal));
		} catch (error) {
			if (!(error instanceof PatchUnknown)) throw error;
		}
	}
	return undefined;
}
