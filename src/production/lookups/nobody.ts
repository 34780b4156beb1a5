// The refusals of a name that nothing bears, or that several do.

import { InvalidArgument, quoteUntrusted } from "../../text/index.ts";

export type Kind = "user" | "organization" | "session";

const maxMatches = 5;
/** Names from production are shown so long at most. */
const maxLength = 80;

export function ambiguous(kind: Kind, value: string, ids: readonly string[]): InvalidArgument {
	const some = ids.slice(0, maxMatches).join(", ");
	return new InvalidArgument(
		kind,
		`${JSON.stringify(value)} matches several: ${some}.`,
		"Give the full id of the one you mean.",
	);
}

/**
 * @param found `near`: what was probably meant, the nearest first; `within`: whether only a window's events were searched
 */
export function nobody(
	kind: Kind,
	value: string,
	{ near, within }: { readonly near: readonly string[]; readonly within: object | undefined },
): InvalidArgument {
	if (kind === "user" && value.includes("@"))
		return new InvalidArgument(
			kind,
			"no user has that e-mail address.",
			"Check its spelling, or give the user's id.",
		);
	if (/^[0-9a-f]{8}$/i.test(value))
		return within === undefined
			? new InvalidArgument(
					kind,
					`no ${kind}'s id begins with these 8 digits.`,
					"Check them, or give the full id.",
				)
			: new InvalidArgument(
					kind,
					`no ${kind}'s id that was seen in this window begins with these 8 digits.`,
					"Check them, ask for a longer window, or give the full id.",
				);
	const given = quoteUntrusted(value, maxLength);
	const names = near.slice(0, maxMatches).map((one) => quoteUntrusted(one, maxLength));
	const meant = names.length === 0 ? "" : `Did you mean ${names.join(" or ")}? `;
	switch (kind) {
		case "organization":
			return new InvalidArgument(
				kind,
				`no organization has the id, slug or name ${given}.`,
				`${meant}error_stats with group_by organization lists those with errors.`,
			);
		case "user":
			return new InvalidArgument(
				kind,
				`no user, event or run has the id ${given}.`,
				`${meant}It takes a whole id, its first 8 hex digits, or an e-mail address.`,
			);
		case "session":
			return new InvalidArgument(
				kind,
				`no error event of the last 90 days has the session ${given}.`,
				"fetch_errors shows the sessions of a window.",
			);
	}
}
