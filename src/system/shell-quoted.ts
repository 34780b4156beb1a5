// Quotes a path for a shell's command line.

export function shellQuoted(path: string): string {
	return /^[\w./:\\-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
}
