// Reads a file type by the names that people and models have for ripgrep's.

const otherNames: Readonly<Record<string, string>> = {
	bash: "sh",
	cjs: "js",
	cc: "cpp",
	cts: "ts",
	cxx: "cpp",
	ecmascript: "js",
	golang: "go",
	gotmpl: "go",
	gql: "graphql",
	hpp: "cpp",
	htm: "html",
	javascriptreact: "js",
	javascript: "js",
	jsx: "js",
	kt: "kotlin",
	makefile: "make",
	dockerfile: "docker",
	mdx: "md",
	mjs: "js",
	mts: "ts",
	node: "js",
	postgres: "sql",
	protobuf3: "protobuf",
	proto: "protobuf",
	pyi: "py",
	python3: "py",
	rb: "ruby",
	rs: "rust",
	scss: "sass",
	shell: "sh",
	text: "txt",
	tsx: "ts",
	typescriptreact: "ts",
	yml: "yaml",
};

/** ripgrep's name for it: `tsx` is `ts`, `.yml` is `yaml`; every other name as it is, in lowercase. */
export function fileType(given: string): string {
	const name = given
		.trim()
		.toLowerCase()
		.replace(/^\*?\./, "");
	return Object.hasOwn(otherNames, name) ? (otherNames[name] ?? name) : name;
}

/** Whether a file is of a type, by its extension: for files that ripgrep is given, or never sees. */
export function isOfType(path: string, type: string): boolean {
	return fileType(path.slice(path.lastIndexOf("."))) === fileType(type);
}
