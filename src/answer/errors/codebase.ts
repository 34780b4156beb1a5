import type { PathHidden, PathIgnored, PatternInvalid } from "../../codebase/index.ts";
import { quoteUntrusted, visibleLine } from "../../text/index.ts";

export type CodebaseFailure = PathHidden | PathIgnored | PatternInvalid;

/** What an agent is told when a search fails. */
export function describeCodebase(failure: CodebaseFailure): string {
	switch (failure.kind) {
		case "path_ignored":
			return `path: ${quoteUntrusted(failure.path)} is ignored by git, and ignored files are not searched. Leave path out, or name another.`;
		case "path_hidden":
			return `path: ${quoteUntrusted(failure.path)} may hold secrets or a host's configuration, so it is never shown. Leave path out, or name another; a template such as .env.example can be searched.`;
		case "pattern_invalid":
			return `query: it is no regular expression that ripgrep takes: ${visibleLine(failure.reason)}${failure.column === undefined ? "" : `, at character ${failure.column}`}. Mend it, or use mode literal.`;
	}
}
