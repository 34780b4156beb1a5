// Computes a value at first use and caches it, unless it failed.

/**
 * A failure is not cached: a missing program may be installed by the next call.
 */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
	let made: Promise<T> | undefined;
	return () => {
		if (made === undefined) {
			const making = make();
			made = making;
			making.catch(() => {
				made = undefined;
			});
		}
		return made;
	};
}
