// Texts that need no look: what most cells of a table hold.

/**
 * Most cells: too short for a token of their letters, without what parts a name from its value; an instant; a UUID; a code
 * such as `LLM_TIMEOUT`.
 */
const plain =
	/^(?:[A-Za-z0-9]{0,17}|[A-Za-z0-9_-]{0,13}|\d{4}-\d\d-\d\dT[\d:.]{5,12}Z|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z]{1,19}(?:_[A-Z]{1,19}){1,6})$/;

/** Whether nothing in a text can be a secret, personal or unseen, so that it passes as it is. */
export function isPlain(text: string): boolean {
	return plain.test(text);
}
