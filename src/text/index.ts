// Safe text and its forms, which every room uses: untrusted text, secrets, ids, instants, budgets, failures.

export { fitRows, fits } from "./budget.ts";
export { type CursorKind, maxCursorLength, readCursor, writeCursor } from "./cursor.ts";
export { describeError, type Explanation, explanationOf, Failure } from "./failure.ts";
export { freeText, maxReadLength, readLength } from "./free-text.ts";
export { shortId } from "./ids.ts";
export { isoInstant, windowWords } from "./instants.ts";
export { InvalidArgument } from "./invalid-argument.ts";
export { nearest } from "./nearest.ts";
export { changePercent, percent, percentWords } from "./percent.ts";
export { maskPersonal } from "./personal.ts";
export {
	builtText,
	exactText,
	joined,
	nothingPersonal,
	renderedFrom,
	type Safe,
	type SafeText,
	type Shown,
	safeCursor,
	safeFacts,
	safeText,
	secretsOnly,
} from "./safe.ts";
export { findSecret, maskSecretLines, maskSecrets } from "./secrets.ts";
export {
	codeSpan,
	fencedBlock,
	inertMarkdown,
	inertProse,
	inertWords,
	markedBlock,
	quoteUntrusted,
	visible,
	visibleLine,
	withoutMarks,
} from "./untrusted.ts";
