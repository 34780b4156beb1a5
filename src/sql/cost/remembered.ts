// Remembers what was read of a text: each LIMIT of a recursion, and each loop of a plan, asks for the same again.
import type { Described } from "./sizes.ts";

/** A question about a text that is answered once, for as long as the text is held by anyone. */
export function remembered<T, Text extends Described, Asked extends readonly (string | boolean)[]>(
	read: (text: Text, ...asked: Asked) => T,
): (text: Text, ...asked: Asked) => T {
	const answers = new WeakMap<Described["places"], Map<string, T>>();
	return (text, ...asked) => {
		let of = answers.get(text.places);
		if (of === undefined) {
			of = new Map();
			answers.set(text.places, of);
		}
		const key = asked.join("\n");
		const known = of.get(key);
		if (known !== undefined) return known;
		const answer = read(text, ...asked);
		of.set(key, answer);
		return answer;
	};
}
