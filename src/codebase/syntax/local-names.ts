// Whether two versions of a file differ in the names of local variables only, each renamed everywhere it is meant.

/** An identifier of a file, in the order in which they stand. */
export interface LocalName {
	readonly name: string;
	/** The outermost function around it, by its number in the file; 0 for the file's top level. */
	readonly holder: number;
	readonly isDeclared: boolean;
	/** Read as it is by other code: it cannot change. */
	readonly isFixed: boolean;
}

/** Alpha-equivalence, within each function that stands at the top of its file. */
export function isSameButLocalNames(before: readonly LocalName[], after: readonly LocalName[]): boolean {
	if (before.length !== after.length) return false;
	const there = new Map<string, string>();
	const back = new Map<string, string>();
	const renamed = new Map<string, LocalName>();
	for (const [index, one] of before.entries()) {
		const other = after[index];
		if (other === undefined || one.holder !== other.holder) return false;
		const [key, keyBack] = [`${one.holder} ${one.name}`, `${one.holder} ${other.name}`];
		if ((there.get(key) ?? other.name) !== other.name || (back.get(keyBack) ?? one.name) !== one.name)
			return false;
		there.set(key, other.name);
		back.set(keyBack, one.name);
		if (one.name === other.name) continue;
		if (one.holder === 0 || one.isFixed || other.isFixed) return false;
		renamed.set(key, one);
	}
	if (renamed.size === 0) return true;
	const declared = new Set(
		before.filter(({ isDeclared }) => isDeclared).map(({ holder, name }) => `${holder} ${name}`),
	);
	// A name of the whole file may be what the renamed one, or its new name, means.
	const ofFile = new Set([...before, ...after].filter(({ holder }) => holder === 0).map(({ name }) => name));
	return [...renamed].every(
		([key, { name }]) => declared.has(key) && !ofFile.has(name) && !ofFile.has(there.get(key) ?? name),
	);
}
