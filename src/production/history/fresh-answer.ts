// An answer that stands for a minute: calls at one time share one reading of it.

/** For so long an answer stands: a second call within the minute asks nothing. */
const freshSeconds = 60;

export class FreshAnswer<Answer extends { readonly now: number }> {
	#answer: Answer | undefined;
	#reading: Promise<Answer> | undefined;

	/**
	 * @param now production's time, epoch seconds
	 * @throws what `read` throws
	 */
	async get(now: number, read: () => Promise<Answer>): Promise<Answer> {
		if (this.#answer !== undefined && isFresh(this.#answer, now)) return this.#answer;
		// A reading that another call began may be cancelled with it: then this one reads for itself.
		const shared = await this.#reading?.catch(() => undefined);
		if (shared !== undefined && isFresh(shared, now)) return shared;
		const reading = read();
		this.#reading = reading;
		try {
			this.#answer = await reading;
			return this.#answer;
		} finally {
			if (this.#reading === reading) this.#reading = undefined;
		}
	}
}

function isFresh(answer: { readonly now: number }, now: number): boolean {
	return Math.abs(now - answer.now) < freshSeconds;
}
