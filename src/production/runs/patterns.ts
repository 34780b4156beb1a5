// Groups messages that differ only in numbers, ids and addresses.

import { maskPersonal, maskSecrets } from "../../text/index.ts";
import { errorCodeReference } from "../error-codes.ts";

/** A message and its count in production. */
export interface CountedMessage {
	readonly message: string;
	readonly count: number;
	readonly skills: readonly string[];
	/** Epoch seconds. */
	readonly lastSeen: number;
}

/** Messages that are equal except for numbers, ids and addresses. */
export interface MessagePattern {
	readonly pattern: string;
	readonly count: number;
	readonly skills: readonly string[];
	readonly lastSeen: number;
	/** The most frequent message of the pattern. */
	readonly example: string;
}

/**
 * Variable parts, most specific first. Each expression is linear: one class of characters, bounded repeats, no nesting.
 */
const variable: readonly RegExp[] = [
	/[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,6}/g,
	/\b[a-z][a-z0-9+.-]{1,15}:\/\/[^\s"'<>]{1,500}/gi,
	/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi,
	/\b(?=[0-9a-z_-]{0,63}\d)[0-9a-z]{1,16}[_-][0-9a-z_-]{8,64}\b/gi,
	/\b(?=[0-9a-f]{0,63}\d)[0-9a-f]{8,64}\b/gi,
	/\d+(?:[.,:]\d+){0,6}/g,
];

/** A message with its variable parts replaced by `#`. A message that is an error code is unchanged. */
export function patternOf(message: string): string {
	// Without its digits a secret has no shape any more.
	const text = maskSecrets(message.slice(0, 500)).trim();
	if (errorCodeReference(text) !== undefined || /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+){1,8}$/.test(text)) return text;
	const [address = /@/g, ...others] = variable;
	// Addresses in another form, such as with %40, would not be known for ones without their digits.
	return others
		.reduce((folded, part) => folded.replace(part, "#"), maskPersonal(text.replace(address, "#")))
		.replace(/#(?:[\s,]{0,4}#)+/g, "#");
}

/** Groups messages by pattern, most frequent first. */
export function foldMessages(messages: readonly CountedMessage[]): readonly MessagePattern[] {
	const patterns = new Map<
		string,
		{ count: number; skills: Set<string>; lastSeen: number; example: CountedMessage }
	>();
	for (const message of messages) {
		const pattern = patternOf(message.message);
		const known = patterns.get(pattern);
		if (known === undefined) {
			patterns.set(pattern, {
				count: message.count,
				skills: new Set(message.skills),
				lastSeen: message.lastSeen,
				example: message,
			});
			continue;
		}
		known.count += message.count;
		for (const skill of message.skills) known.skills.add(skill);
		known.lastSeen = Math.max(known.lastSeen, message.lastSeen);
		if (message.count > known.example.count) known.example = message;
	}
	return [...patterns]
		.map(([pattern, { count, skills, lastSeen, example }]) => ({
			pattern,
			count,
			skills: [...skills].sort(),
			lastSeen,
			example: example.message,
		}))
		.sort(
			(one, other) =>
				other.count - one.count || other.lastSeen - one.lastSeen || (one.pattern < other.pattern ? -1 : 1),
		);
}
