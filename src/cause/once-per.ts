// Remembers what is computed of an object for as long as the object is kept.

/** Commits are kept between calls, and what their lines are is asked by each. */
export function oncePer<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
	const known = new WeakMap<Key, { readonly value: Value }>();
	return (key) => {
		const found = known.get(key) ?? { value: compute(key) };
		known.set(key, found);
		return found.value;
	};
}
