// A failed line of the doctor, in the failure's own words.

import { explanationOf } from "../../text/index.ts";
import { failed, type Verdict } from "./check.ts";

/** The line for what went wrong. The reader is the user, who takes the next step without being asked. */
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

/** A sentence in the form of the other lines: no capital at its beginning, no full stop at its end. */
function asDetail(sentence: string): string {
	const plain = sentence.replace(/\.$/, "");
	return /^[A-Z](?![A-Z])/.test(plain) ? `${plain.charAt(0).toLowerCase()}${plain.slice(1)}` : plain;
}
