import { type Agent, connectAgent, productionTools } from "./agent.ts";
import type { Fault } from "./faults.ts";
import {
	type Behaviour,
	type FaultyProduction,
	type SoundProduction,
	startFaultyProduction,
} from "./production.ts";

export interface Outcome {
	readonly text: string;
	readonly isError: boolean;
	readonly ms: number;
}

/** What every tool answered, by its name. */
export type Outcomes = Readonly<Record<string, Outcome>>;

/** A production and an agent before it, used for one fault after the other. */
class Lane {
	#agent: Agent | undefined;
	#production: FaultyProduction | undefined;

	constructor(
		private readonly sound: SoundProduction,
		private readonly timeoutMs: number,
		private readonly repository: string,
	) {}

	/** The tools at once, while production behaves so. */
	async ask(behaviour: Behaviour, tools: readonly string[]): Promise<Outcomes> {
		this.#production ??= await startFaultyProduction(this.sound);
		this.#agent ??= await this.#connect(this.#production.url);
		await this.#production.behave(behaviour);
		return this.#askAll(this.#agent, tools);
	}

	/** What loads at its first use is loaded then: no short deadline has to pay for it. */
	async #connect(url: string): Promise<Agent> {
		const { key, now } = this.sound;
		const env = { PROD_DEBUGGER_REPO: this.repository };
		const agent = await connectAgent({ url, key, now, timeoutMs: this.timeoutMs, env });
		for (let round = 0; round < 3; round += 1) {
			const outcomes = await this.#askAll(agent, productionTools);
			if (Object.values(outcomes).every(({ isError }) => !isError)) break;
		}
		return agent;
	}

	async #askAll(agent: Agent, tools: readonly string[]): Promise<Outcomes> {
		const outcomes = tools.map(async (tool) => {
			const begun = performance.now();
			const answer = await agent.call(tool);
			return [tool, { ...answer, ms: performance.now() - begun }] as const;
		});
		return Object.fromEntries(await Promise.all(outcomes));
	}

	/** Another agent next time: this one keeps away from production for a while. */
	async forget(): Promise<void> {
		await this.#agent?.close();
		this.#agent = undefined;
	}

	async close(): Promise<void> {
		await this.forget();
		await this.#production?.close();
	}
}

/** Some lanes side by side: a fault waits until one is free. */
export class Lanes {
	readonly #all: Lane[];
	readonly #free: Lane[];
	readonly #waiting: ((lane: Lane) => void)[] = [];

	constructor(
		sound: SoundProduction,
		readonly timeoutMs: number,
		/** Small: it is searched in every answer, and faults of its own are not looked for. */
		repository: string,
		count: number,
	) {
		this.#all = Array.from({ length: count }, () => new Lane(sound, timeoutMs, repository));
		this.#free = [...this.#all];
	}

	/** What the tools answer during the fault and after it. */
	async show(fault: Fault, tools: readonly string[]): Promise<{ during: Outcomes; after: Outcomes }> {
		return this.#use(async (lane) => {
			const during = await lane.ask(fault.behave, tools);
			const after = await lane.ask(undefined, tools);
			if (fault.staysAway === true) await lane.forget();
			return { during, after };
		});
	}

	async ask(behaviour: Behaviour, tools: readonly string[]): Promise<Outcomes> {
		return this.#use((lane) => lane.ask(behaviour, tools));
	}

	async close(): Promise<void> {
		await Promise.all(this.#all.map((lane) => lane.close()));
	}

	async #use<T>(work: (lane: Lane) => Promise<T>): Promise<T> {
		const lane = this.#free.pop() ?? (await new Promise<Lane>((resolve) => this.#waiting.push(resolve)));
		try {
			return await work(lane);
		} finally {
			const next = this.#waiting.shift();
			if (next === undefined) this.#free.push(lane);
			else next(lane);
		}
	}
}
