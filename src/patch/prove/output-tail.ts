// Keeps the end of a program's output in bounded memory.

export class OutputTail {
	#chunks: Buffer[] = [];
	#bytes = 0;
	#cut = false;

	constructor(private readonly maxBytes = 16 * 1024) {}

	add(chunk: Buffer): void {
		this.#chunks.push(chunk);
		this.#bytes += chunk.length;
		if (this.#bytes <= 4 * this.maxBytes) return;
		this.#chunks = [Buffer.concat(this.#chunks).subarray(-this.maxBytes)];
		this.#bytes = this.maxBytes;
		this.#cut = true;
	}

	/** The last `maxBytes`; if something was left out, from the beginning of a line. */
	text(): string {
		const all = Buffer.concat(this.#chunks);
		const isCut = this.#cut || all.length > this.maxBytes;
		const text = new TextDecoder("utf-8").decode(all.subarray(-this.maxBytes));
		return isCut ? text.slice(text.indexOf("\n") + 1) : text;
	}
}
