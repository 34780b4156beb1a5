import { carryDeadline } from "../system/deadline.ts";

/**
 * Makes identical reads that are under way at once only once. Each caller keeps its own signal: the shared
 * request is aborted when the last caller has gone.
 */
export class InFlight<T> {
	readonly #running = new Map<string, { callers: number; abort: AbortController; result: Promise<T> }>();

	/** @throws the signal's reason as soon as it aborts */
	async share(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
		signal.throwIfAborted();
		let entry = this.#running.get(key);
		if (entry === undefined) {
			const abort = new AbortController();
			carryDeadline(signal, abort.signal);
			const result = start(abort.signal).finally(() => this.#running.delete(key));
			// Every caller may have gone by the time it fails.
			result.catch(() => {});
			entry = { callers: 0, abort, result };
			this.#running.set(key, entry);
		}
		const shared = entry;
		shared.callers += 1;
		return new Promise<T>((resolve, reject) => {
			const leave = () => {
				signal.removeEventListener("abort", onAbort);
				shared.callers -= 1;
			};
			const onAbort = () => {
				leave();
				if (shared.callers === 0) {
					this.#running.delete(key);
					shared.abort.abort(signal.reason);
				}
				reject(signal.reason);
			};
			signal.addEventListener("abort", onAbort, { once: true });
			shared.result.then(
				(value) => {
					leave();
					resolve(value);
				},
				(error) => {
					leave();
					reject(error);
				},
			);
		});
	}
}
