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

/**
 * Computes a value once for each answer, which its signal stands for: all parts of one answer then speak of one
 * state of the repository. A failure is not cached.
 */
export function oncePerAnswer<T>(
	make: (signal: AbortSignal) => Promise<T>,
): (signal: AbortSignal) => Promise<T> {
	const answers = new WeakMap<AbortSignal, () => Promise<T>>();
	return (signal) => {
		const known = answers.get(signal) ?? once(() => make(signal));
		answers.set(signal, known);
		return known();
	};
}

/** Remembers what is computed of an object for as long as the object is kept. */
export function oncePer<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
	const known = new WeakMap<Key, { readonly value: Value }>();
	return (key) => {
		const found = known.get(key) ?? { value: compute(key) };
		known.set(key, found);
		return found.value;
	};
}
