// Keeps the end of a program's output in bounded memory.

const maxBytes = 16 * 1024;

export class OutputTail {
	#chunks: Buffer[] = [];
	#bytes = 0;
	#cut = false;

	add(chunk: Buffer): void {
		this.#chunks.push(chunk);
		this.#bytes += chunk.length;
		if (this.#bytes <= 4 * maxBytes) return;
		this.#chunks = [Buffer.concat(this.#chunks).subarray(-maxBytes)];
		this.#bytes = maxBytes;
		this.#cut = true;
	}

	/** The last 16 KiB; if something was left out, from the beginning of a line. */
	text(): string {
		const all = Buffer.concat(this.#chunks);
		const isCut = this.#cut || all.length > maxBytes;
		const text = new TextDecoder("utf-8").decode(all.subarray(-maxBytes));
		return isCut ? text.slice(text.indexOf("\n") + 1) : text;
	}
}
