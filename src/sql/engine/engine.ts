// Starts the embedded SQLite without any system call.

import { compileSqlite } from "../../system/index.ts";
import type { CInterface } from "./c-interface.ts";

/** Pages of 64 KiB that the engine begins with and never gets more of: its module asks for 256 at least. */
const memoryPages = 256;

/** ENOSYS (WASI's errno 52), negative as a system call has it: there is no such call. */
const noSuchCall = -52;

/**
 * SQLite's compiled code in memory of its own, and no operating system behind it: no file, no clock, no environment can
 * be reached from inside, whatever it is made to do. A compiler needs none of it, and the package's own loader, which
 * brings it and an object interface, takes twice as long.
 */
export interface Engine {
	readonly c: CInterface;
	/** All of its memory; it never grows. */
	readonly memory: Uint8Array;
	/** The text at a pointer, up to its NUL; empty at NULL. */
	text(pointer: number): string;
	/** The 32-bit number at an address, such as a pointer that a call has left there. */
	number(address: number): number;
	/** Makes a function callable from C, as its pointer; all its parameters are 32 bits wide. */
	callback(parameters: number, call: (...given: readonly number[]) => number): number;
}

export async function openEngine(): Promise<Engine> {
	const module = await compileSqlite();
	const memory = new WebAssembly.Memory({ initial: memoryPages, maximum: memoryPages });
	const { exports } = await WebAssembly.instantiate(module, withoutSystem(module, memory));
	const c = exports as unknown as CInterface;
	c.__wasm_call_ctors();
	const code = c.sqlite3_initialize();
	if (code !== 0) throw new Error(`SQLite does not start: code ${code}`);
	const bytes = Buffer.from(memory.buffer);
	const view = new DataView(memory.buffer);
	return {
		c,
		memory: bytes,
		text: (pointer) => textAt(bytes, pointer),
		number: (address) => view.getInt32(address, true),
		callback(parameters, call) {
			const table = c.__indirect_function_table;
			const place = table.grow(1);
			table.set(place, asWasm(parameters, call));
			return place;
		},
	};
}

/** Every function that the module imports fails here, those that would be the system's clocks too. */
function withoutSystem(module: WebAssembly.Module, memory: WebAssembly.Memory): WebAssembly.Imports {
	const imports: Record<string, Record<string, WebAssembly.ImportValue>> = {};
	for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
		imports[from] = { ...imports[from], [name]: kind === "memory" ? memory : () => noSuchCall };
	}
	return imports;
}

const decoder = new TextDecoder();
/** Up to so many characters, adding them one by one is faster than a call that decodes them. */
const fewCharacters = 16;

function textAt(memory: Buffer, pointer: number): string {
	if (pointer === 0) return "";
	let end = pointer;
	let all = 0;
	for (let byte = memory[end] ?? 0; byte !== 0; byte = memory[end] ?? 0) {
		all |= byte;
		end += 1;
	}
	if (all > 0x7f) return decoder.decode(memory.subarray(pointer, end));
	if (end - pointer > fewCharacters) return memory.toString("latin1", pointer, end);
	let text = "";
	for (let at = pointer; at < end; at += 1) text += String.fromCharCode(memory[at] ?? 0);
	return text;
}

const i32 = 0x7f;

/**
 * A table of functions takes only functions of WebAssembly: a module that imports this one and exports it again
 * (the binary format: https://webassembly.github.io/spec/core/binary/modules.html).
 */
function asWasm(parameters: number, call: (...given: readonly number[]) => number): unknown {
	const type = [0x60, parameters, ...Array.from({ length: parameters }, () => i32), 1, i32];
	const name = [1, 0x66]; // "f"
	const section = (id: number, entry: readonly number[]) => [id, entry.length + 1, 1, ...entry];
	const module = new WebAssembly.Module(
		new Uint8Array([
			...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
			...section(1, type),
			...section(2, [...name, ...name, 0, 0]),
			...section(7, [...name, 0, 0]),
		]),
	);
	return new WebAssembly.Instance(module, { f: { f: call } }).exports.f;
}
