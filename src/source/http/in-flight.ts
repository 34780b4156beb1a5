// Shares identical reads that run at the same time.

import { setMaxListeners } from "node:events";
import { carryDeadline } from "../../system/index.ts";

interface Running<T> {
	callers: number;
	readonly abort: AbortController;
	readonly result: Promise<T>;
}

/**
 * Each caller keeps its own signal: the shared request is aborted when the last caller has left.
 */
export class InFlight<T> {
	readonly #running = new Map<string, Running<T>>();

	/** @throws the signal's reason as soon as it aborts */
	async share(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
		signal.throwIfAborted();
		const shared = this.#running.get(key) ?? this.#start(key, start);
		carryDeadline(signal, shared.abort.signal);
		shared.callers += 1;
		return new Promise<T>((resolve, reject) => {
			const leave = () => {
				signal.removeEventListener("abort", onAbort);
				shared.callers -= 1;
			};
			const onAbort = () => {
				leave();
				if (shared.callers === 0) {
					this.#forget(key, shared);
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

	#start(key: string, start: (signal: AbortSignal) => Promise<T>): Running<T> {
		const abort = new AbortController();
		setMaxListeners(0, abort.signal);
		// One turn later, when the first caller's deadline is known.
		const result = Promise.resolve().then(() => start(abort.signal));
		const running = { callers: 0, abort, result };
		this.#running.set(key, running);
		const forget = () => this.#forget(key, running);
		// All callers may have left by the time it fails.
		result.then(forget, forget);
		return running;
	}

	/** Another request may have this key by now. */
	#forget(key: string, running: Running<T>): void {
		if (this.#running.get(key) === running) this.#running.delete(key);
	}
}
