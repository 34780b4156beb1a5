// Bounds what is kept in a map.

/** Forgets what was put in first, until no more than so many are left. */
export function forgetOldest(kept: Map<string, unknown>, most: number): void {
	for (const oldest of kept.keys()) {
		if (kept.size <= most) return;
		kept.delete(oldest);
	}
}
