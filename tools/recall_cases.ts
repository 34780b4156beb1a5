// Recalls what is known of earlier trouble: its cause, its fix, and whether that worked.

import { z } from "zod";
import {
	casesSchema,
	casesTable,
	codeArgument,
	defineTool,
	fittedAnswer,
	readsProduction,
	readsRepository,
	wholeCase,
} from "../src/answer/index.ts";
import { boundsOf, type Case, isOwn, shownStatus, shownStatuses } from "../src/cases/index.ts";
import type { CountNow } from "../src/production/index.ts";
import type { Services } from "../src/services.ts";
import { describeError, Failure, InvalidArgument, visibleLine } from "../src/text/index.ts";

/** The cases stand without the counts of today, so production may take only so long. */
const timeoutMs = 5000;

export const recallCases = defineTool({
	name: "recall_cases",
	title: "Recall cases",
	description:
		"What is known of earlier trouble: cause, location, fix, whether it worked. Agents wrote the causes: check them.",
	input: z.strictObject({
		error_code: codeArgument.optional(),
		skill: z.string().min(1).max(200).optional(),
		case: z.string().min(1).max(40).optional().describe("Id: all of it"),
		status: z.enum(shownStatuses).optional(),
		limit: z.int().min(1).max(25).optional().describe("Default 10"),
	}),
	output: casesSchema,
	repository: "each",
	annotations: ({ config }) => (config.apiKey === undefined ? readsRepository() : readsProduction()),
	deadline: "own",
	summary: "What is known of earlier trouble: its cause, where it was, its fix, and whether that worked",
	example: {},
	async run(args, { services, signal }) {
		const { cases: all, problem } = await keptCases(services);
		const wanted = all.filter((one) => isWanted(one, args));
		if (args.case !== undefined && problem === undefined && wanted.length === 0) {
			throw new InvalidArgument(
				"case",
				"no case with this id fits.",
				"recall_cases without arguments lists them.",
			);
		}
		const shown = wanted.slice(0, args.limit ?? 10);
		const counted = await countsOf(services, shown, signal);
		const [first] = shown;
		const hints = [
			problem,
			counted.hint,
			shown.some((one) => !isOwn(one))
				? "imported: from others' files, nothing of it was checked here."
				: undefined,
			shown.length > 0 || problem !== undefined ? undefined : emptyWords(all.length),
			wanted.length > shown.length
				? `${wanted.length - shown.length} more: raise limit, or narrow it.`
				: undefined,
		].filter((hint) => hint !== undefined);
		return fittedAnswer(shown.length, services.config, (rows) => {
			const { table, untrusted } = casesTable(shown.slice(0, rows), counted.now, {
				total: wanted.length,
				show: visibleLine,
			});
			const whole =
				args.case === undefined || first === undefined ? undefined : wholeCase(first, visibleLine);
			return {
				cases: table,
				whole,
				hint: hints.length === 0 ? undefined : hints.join(" "),
				untrusted: [
					...untrusted,
					...(whole === undefined ? [] : ["whole.told"]),
					...(first?.others === undefined || whole === undefined ? [] : ["whole.others"]),
				],
			};
		});
	},
});

/** What cannot be read is said, and is no failure of the call. */
async function keptCases(
	services: Services,
): Promise<{ readonly cases: readonly Case[]; readonly problem?: string }> {
	const memory = services.memory();
	try {
		return { cases: await memory.all() };
	} catch (error) {
		if (!(error instanceof Failure)) throw error;
		return { cases: [], problem: `No case can be read: ${describeError(error) ?? "it failed."}` };
	}
}

function isWanted(
	one: Case,
	wanted: {
		readonly error_code?: string | undefined;
		readonly skill?: string | undefined;
		readonly case?: string | undefined;
		readonly status?: string | undefined;
	},
): boolean {
	const { of, name } = one.trouble;
	const { error_code, skill, status } = wanted;
	if (wanted.case !== undefined && one.id !== wanted.case.toLowerCase()) return false;
	if (error_code !== undefined && (of !== "code" || name !== error_code)) return false;
	// A code's case may be bound to a skill.
	if (skill !== undefined && !(of === "skill" && name === skill) && boundsOf(one.trouble).skill !== skill)
		return false;
	return status === undefined || shownStatus(one) === status;
}

/** The counts of today; without them the cases stand. */
async function countsOf(
	services: Services,
	cases: readonly Case[],
	signal: AbortSignal,
): Promise<{ readonly now?: readonly CountNow[]; readonly hint?: string }> {
	if (cases.length === 0) return {};
	const within = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
	try {
		const asked = cases.map(({ trouble }) => ({
			of: trouble.of,
			name: trouble.name,
			within: boundsOf(trouble),
		}));
		return { now: await services.production.countNow(asked, within) };
	} catch (error) {
		signal.throwIfAborted();
		if (within.aborted) return { hint: "count_now is missing: production did not answer within 5 s." };
		if (!(error instanceof Failure)) throw error;
		return { hint: `count_now is missing: ${describeError(error) ?? "production could not be asked."}` };
	}
}

function emptyWords(kept: number): string {
	return kept === 0
		? "No case is kept yet: debug_report, propose_patch and verify_fix keep them."
		: `None of the ${kept} cases kept here fits.`;
}
