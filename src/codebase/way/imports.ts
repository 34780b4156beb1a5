// Which files a file imports, judged by the names in its import statements.

import { posix } from "node:path";

const maxText = 400_000;
const statement =
	/\bfrom\s{1,4}["']([^"'\n]{1,200})["']|\brequire\(\s{0,4}["']([^"'\n]{1,200})["']|\bimport\(?\s{0,4}["']([^"'\n]{1,200})["']|^\s{0,8}from\s{1,4}([\w.]{1,120})\s{1,4}import\b|^\s{0,8}import\s{1,4}([\w.]{1,120})/gm;

/** Module names as they are written. */
export function importsOf(text: string): readonly string[] {
	return [...text.slice(0, maxText).matchAll(statement)].map(
		([, from, required, dynamic, python, plain]) => from ?? required ?? dynamic ?? python ?? plain ?? "",
	);
}

const binding =
	/(?:const|let|var)\s+([\w$]+|\{[^{}]{0,2000}\})\s*=\s*(?:await\s+)?(?:require|import)\(|^import\s+(?:type\s+)?([^"'();]{1,2000}?)\s+from\b|^(?:from\s+[\w.]+\s+)?import\s+([\w., ]{1,500})/gm;

/** Names under which a file knows what it imports. */
export function importedNames(text: string): ReadonlySet<string> {
	const clauses = text.slice(0, maxText).matchAll(binding);
	return new Set(
		[...clauses].flatMap(
			([, required, named, python]) => (required ?? named ?? python ?? "").match(/[\w$]+/g) ?? [],
		),
	);
}

/** Whether one of the imports may mean this file. */
export function isImported(path: string, by: string, imports: readonly string[]): boolean {
	const bare = withoutEnding(path);
	return imports.some((name) => isMeant(bare, name, by) || isMeant(bare, `${name}/index`, by));
}

/** Whether the file stands in the folder of an imported `index`, which may pass its names on. */
export function isBehindImport(path: string, by: string, imports: readonly string[]): boolean {
	const above: string[] = [];
	for (let folder = posix.dirname(path); folder !== "."; folder = posix.dirname(folder)) above.push(folder);
	return imports.some((name) => {
		const folder = withoutEnding(name).replace(/\/(?:index|__init__|mod)$/, "");
		return above.some((one) => isMeant(one, folder, by));
	});
}

/** @param bare a path without its ending */
function isMeant(bare: string, name: string, by: string): boolean {
	if (name.startsWith(".") && name.includes("/"))
		return bare === withoutEnding(posix.join(posix.dirname(by), name));
	// `@/lib/mail` and `~/lib/mail` begin at a root that a setting names.
	const tail = withoutEnding(name.replace(/^[@~#]\//, "").replace(/^\.+/, "")).replaceAll(".", "/");
	return tail !== "" && (bare === tail || bare.endsWith(`/${tail}`));
}

function withoutEnding(path: string): string {
	return path.replace(/\.(?:[cm]?[jt]sx?|pyi?|go)$/, "");
}
