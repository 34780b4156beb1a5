/** Where the time comes from, so that a test can stand still. */
export interface Clock {
	/** Milliseconds since the epoch, UTC. */
	now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
