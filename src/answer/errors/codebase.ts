import type { PatternInvalid } from "../../codebase/ripgrep.ts";
import type { PathIgnored } from "../../codebase/search.ts";
import { quoteUntrusted, visible } from "../untrusted.ts";

export type CodebaseFailure = PathIgnored | PatternInvalid;

/** What an agent is told when a search fails. */
export function describeCodebase(failure: CodebaseFailure): string {
	switch (failure.kind) {
		case "path_ignored":
			return `path: ${quoteUntrusted(failure.path)} is ignored by git, and ignored files are not searched. Leave path out, or name another.`;
		case "pattern_invalid":
			return `query: ripgrep does not take it as a pattern: ${visible(failure.reason)}\nMend it, or use mode literal.`;
	}
}
