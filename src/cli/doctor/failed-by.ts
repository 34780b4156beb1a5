// Turns an error into a failed line of the doctor.

import { explanationOf } from "../../text/index.ts";
import { failed, type Verdict } from "./check.ts";

/** The reader is the user: the next step is addressed to them, not to an agent. */
export function failedBy(error: unknown): Verdict {
	const explanation = explanationOf(error);
	if (explanation === undefined) {
		return failed(
			`an internal error of prod-debugger-mcp (${error instanceof Error ? error.name : "unknown"})`,
			"Please report it, with the version.",
		);
	}
	return failed(asDetail(explanation.problem), explanation.next);
}

/** A sentence as a detail: without its initial capital and its full stop. */
function asDetail(sentence: string): string {
	const plain = sentence.replace(/\.$/, "");
	return /^[A-Z](?![A-Z])/.test(plain) ? `${plain.charAt(0).toLowerCase()}${plain.slice(1)}` : plain;
}
