// Types for the part of WebAssembly's JavaScript interface that is used here.

/** What is used of WebAssembly's JavaScript interface (https://webassembly.github.io/spec/js-api/); without a browser's types, TypeScript knows none of it. */
declare namespace WebAssembly {
	class Module {
		constructor(bytes: Uint8Array);
		static imports(
			module: Module,
		): readonly { readonly module: string; readonly name: string; readonly kind: string }[];
		private readonly compiled: true;
	}
	class Memory {
		constructor(pages: { readonly initial: number; readonly maximum: number });
		readonly buffer: ArrayBuffer;
	}
	class Table {
		private constructor();
		grow(places: number): number;
		get(place: number): Exported;
		set(place: number, value: Exported): void;
	}
	class Instance {
		constructor(module: Module, imports: Imports);
		readonly exports: Readonly<Record<string, Exported>>;
	}
	/** A function, memory, table or number that a module exports. */
	type Exported = unknown;
	type ImportValue = Memory | ((...given: readonly number[]) => number);
	type Imports = Readonly<Record<string, Readonly<Record<string, ImportValue>>>>;
	function compile(bytes: Uint8Array): Promise<Module>;
	function instantiate(module: Module, imports: Imports): Promise<Instance>;
}
