// The source of the current time, so that tests can fix it.

export interface Clock {
	/** Milliseconds since the epoch, UTC. */
	now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
