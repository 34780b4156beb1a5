// One round of a watch: asks production, keeps what is to be told, then tells it.

import { causesOfEpisodes } from "../cause/index.ts";
import type { Services } from "../services.ts";
import { endDeadline, withDeadline } from "../system/index.ts";
import { type AskedRound, type AskedTrouble, askRound } from "./ask.ts";
import type { Limit } from "./limits.ts";
import type { Message, WatchState } from "./state.ts";
import type { WatchStore } from "./store.ts";
import { tell } from "./tell.ts";
import type { Told } from "./told.ts";
import { messageOf, type Reported } from "./words.ts";

/** Of two processes with one state the slower one asks again, so often. */
const mostAttempts = 3;

export interface Watching {
	readonly services: Services;
	readonly store: WatchStore;
	readonly limits: readonly Limit[];
	/** Tells one alert. @throws where it could not be told: it is told again with the next round */
	readonly tell: (message: Message) => Promise<void>;
}

/**
 * What is to be told is kept before it is told, and struck off after: a watch that is killed in between tells it again
 * rather than never, under the same id.
 *
 * @returns what was told
 * @throws what production and the state folder throw, and what `tell` throws
 */
export async function watchRound(watching: Watching, signal: AbortSignal): Promise<readonly Message[]> {
	const { services, store } = watching;
	// What cannot be told now must not keep the round from being kept.
	const told: Message[] = [];
	await deliver(watching, told).catch(() => {});
	const within = withDeadline(signal, services.config.timeoutMs);
	try {
		for (let attempt = 0; attempt < mostAttempts; attempt++) {
			const before = await store.read();
			const { limits } = watching;
			const round = await askRound(services, { limits, lastNow: before?.now }, within);
			const outcome = tell(before, round);
			const outbox = await messagesOf(services, round, outcome.told, within);
			if (await store.keep(before, { ...outcome.state, outbox: [...outbox] })) break;
		}
	} finally {
		endDeadline(within);
	}
	await deliver(watching, told);
	return told;
}

/** @param told what was told is added */
async function deliver({ store, tell }: Watching, told: Message[]): Promise<void> {
	const outbox: WatchState["outbox"] = (await store.read())?.outbox ?? [];
	for (const message of outbox) {
		await tell(message);
		await store.delivered(message.id);
		told.push(message);
	}
}

async function messagesOf(
	services: Services,
	round: AskedRound,
	told: readonly Told[],
	signal: AbortSignal,
): Promise<readonly Message[]> {
	const troubles = told.flatMap(({ about }) => {
		const trouble = about.of === "trouble" ? askedOf(round, about.trouble) : undefined;
		return trouble === undefined ? [] : [trouble];
	});
	const questions = troubles.map(({ asked }) => ({ asked }));
	const { deployments } = services.config;
	const causes = await causesOfEpisodes(services, questions, { deployments, now: round.now }, signal);
	return told.flatMap(({ id, alerts, about }): Message[] => {
		const reported = ((): Reported | undefined => {
			switch (about.of) {
				case "trouble": {
					const trouble = askedOf(round, about.trouble);
					if (trouble === undefined) return undefined;
					const cause = causes[troubles.indexOf(trouble)];
					// A person who watches without a repository need not read so in every line.
					const told = cause?.kind === "none" ? undefined : cause;
					return { id, alerts, of: "trouble", trouble, cause: told };
				}
				case "limit": {
					const limit = round.limits.find((one) => one === about.limit);
					return limit === undefined ? undefined : { id, alerts, of: "limit", limit };
				}
				case "gone":
				case "code":
					return { id, alerts, ...about };
			}
		})();
		return reported === undefined ? [] : [messageOf(reported, round.now, services.config)];
	});
}

function askedOf(round: AskedRound, trouble: unknown): AskedTrouble | undefined {
	return round.troubles.find((one) => one === trouble);
}
