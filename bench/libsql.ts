// libSQL from the bench's own packages; the project is checked without them, so that its types stand here.
import { createRequire } from "node:module";

export interface LibsqlDatabase {
	exec(sql: string): void;
	prepare(sql: string): { all(): readonly Readonly<Record<string, unknown>>[] };
	close(): void;
}

interface Constructor {
	new (path: string, options?: { readonly readonly: boolean }): LibsqlDatabase;
}

export const Libsql: Constructor = createRequire(import.meta.url)("libsql");
