// Ids in their short form.

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** A UUID by its first 8 hex digits (whole, it costs an agent 23 tokens); any other id as it is. */
export function shortId(id: string): string {
	return uuid.test(id) ? id.slice(0, 8) : id;
}
