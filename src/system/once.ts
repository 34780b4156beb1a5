/**
 * Makes something at its first use and keeps it. What fails is not kept: a program that was missing may be installed
 * by the next call.
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
