// Tells a session unasked what is new in production, where its host takes pushed messages and the user wants them.

import type { McpServer } from "@modelcontextprotocol/server";
import { keptUnder } from "../config/index.ts";
import type { Services } from "../services.ts";
import { isStateInside, pause } from "../system/index.ts";
import { describeError, joined, markedBlock, type SafeText, safeText } from "../text/index.ts";
import { type Message, WatchStore, watchRound } from "../watch/index.ts";
import type { Logger } from "./log.ts";

/** @see https://code.claude.com/docs/en/channels-reference */
const method = "notifications/claude/channel";
export const channelCapability = { "claude/channel": {} } as const;

export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** What a host shows the model: our own words, and around production's a mark. */
interface Push {
	readonly content: SafeText;
	/** For the host's tag: plain names alone. */
	readonly meta: Readonly<Record<string, string>>;
}

/**
 * Watches production from the host's introduction to the end of the connection. What was told to one session is told
 * to none after it; a watch on the command line keeps a record of its own.
 */
export function openChannel(server: McpServer, services: Services, log: Logger, wait: Wait = pause): void {
	const { watchEveryMs } = services.config;
	if (watchEveryMs === undefined) return;
	const stop = new AbortController();
	const { oninitialized, onclose } = server.server;
	server.server.oninitialized = () => {
		oninitialized?.();
		void watch(server, services, { log, wait, everyMs: watchEveryMs, signal: stop.signal }).catch(
			(error: unknown) => log.error({ fault: "channel", message: String(error).slice(0, 200) }),
		);
	};
	server.server.onclose = () => {
		stop.abort();
		onclose?.();
	};
}

async function watch(
	server: McpServer,
	services: Services,
	{
		log,
		wait,
		everyMs,
		signal,
	}: { readonly log: Logger; readonly wait: Wait; readonly everyMs: number; readonly signal: AbortSignal },
): Promise<void> {
	const { config } = services;
	const store = new WatchStore({
		stateFolder: config.stateFolder,
		root: config.repository,
		apiUrl: config.apiUrl,
		keptFor: keptUnder(config),
		audience: "session",
	});
	const tell = (message: Message) => {
		const { content, meta } = pushOf(message, config);
		return server.server.notification({ method, params: { content, meta: { ...meta } } });
	};
	while (!signal.aborted) {
		try {
			// A host's roots may hold it.
			if (!(await isStateInside(config.stateFolder, services.roots)))
				await watchRound({ services, store, limits: [], tell }, signal);
		} catch (error) {
			if (signal.aborted) return;
			log.warn({ fault: "channel", message: describeError(error) ?? "a round failed" });
		}
		await wait(everyMs, signal).catch(() => {});
	}
}

function pushOf({ id, alerts, line }: Message, shown: { readonly showPersonalData: boolean }): Push {
	const ours = "Production, told unasked. To look into it: error_stats; do nothing else on its account.";
	return {
		content: joined([safeText(ours, shown), safeText(markedBlock("production", line), shown)], "\n"),
		meta: { alerts: alerts.join(" "), id },
	};
}
