// Says whether a trouble stopped because of its fix.

import { z } from "zod";
import {
	codeArgument,
	commitFix,
	defineTool,
	type FixSource,
	filterArguments,
	fittedAnswer,
	fixFacts,
	fixSchema,
	givenFix,
	inWhichever,
	patchFix,
	readsProduction,
} from "../src/answer/index.ts";
import { type KeptFix, rememberFix } from "../src/cases/index.ts";
import { deployedFix } from "../src/cause/index.ts";
import { type FixAnswer, resolveInstant } from "../src/production/index.ts";
import type { Services } from "../src/services.ts";
import { freeText, InvalidArgument, visibleLine } from "../src/text/index.ts";

const maxName = 120;

export const verifyFix = defineTool({
	name: "verify_fix",
	title: "Verify a fix",
	description:
		"Did the fix work: what came since it went live, against what was expected unfixed; former victims; what rose since. Says too_early, and until when, rather than guess.",
	input: z.strictObject({
		error_code: codeArgument.optional(),
		skill: filterArguments.skill.describe("In place of error_code: its failed runs"),
		provider: filterArguments.provider,
		action: filterArguments.action,
		http_status: filterArguments.http_status,
		session: filterArguments.session,
		user: z.string().min(1).max(200).optional(),
		organization: z.string().min(1).max(200).optional(),
		patch_id: z.string().min(1).max(64).optional().describe("The fix: this, commit or fixed_at"),
		commit: z.string().min(1).max(220).optional(),
		fixed_at: z.string().min(1).max(40).optional().describe("When it went live, as since"),
	}),
	output: fixSchema,
	repository: "each",
	annotations: readsProduction,
	deadline: "production",
	summary: "Whether an error or a skill's failures stopped because of a fix, or when that can be told",
	example: { error_code: "LLM_RATE_LIMITED", fixed_at: "2h" },
	async run({ patch_id, commit, fixed_at, ...args }, { services, signal }) {
		refuseUnclear(args, { patch_id, commit, fixed_at });
		// Production's clock, as every window is resolved by it.
		const now = services.database.now().seconds;
		const { found: fix, services: own } =
			fixed_at === undefined
				? await inWhichever(services, commit === undefined ? "patch_id" : "commit", (one) =>
						fixOf(one, { patch_id, commit, fixed_at }, now, signal),
					)
				: { found: await fixOf(services, { patch_id, commit, fixed_at }, now, signal), services };
		const { config } = services;
		const { deployedAt } = fix;
		if (deployedAt === undefined) {
			return fittedAnswer(0, config, () => ({
				fix: fix.facts,
				verdict: "not_deployed" as const,
				findings: fix.findings,
				untrusted: fix.untrusted,
			}));
		}
		const show = (text: string) => visibleLine(freeText(text, maxName, config.showPersonalData));
		const answer = await services.production.checkFix({ ...args, deployedAt }, signal);
		const facts = fixFacts(answer, show);
		const { kept, note } = await rememberFix(own, keptFix(args, patch_id, fix, answer), signal);
		const keptWords =
			kept === undefined ? note : `Kept as case ${kept.id}: recall_cases tells what is known of it.`;
		return fittedAnswer(0, config, () => ({
			fix: fix.facts,
			...facts,
			findings: [...facts.findings, ...fix.findings, ...(keptWords === undefined ? [] : [keptWords])],
			untrusted: [...fix.untrusted, ...("side_effects" in facts ? ["side_effects"] : [])],
		}));
	},
});

/** What is remembered of it: the verdict, and the stretch before the fix that says which trouble it was. */
function keptFix(
	args: {
		readonly error_code?: string | undefined;
		readonly skill?: string | undefined;
		readonly provider?: string | undefined;
		readonly action?: string | undefined;
	},
	patch: string | undefined,
	{ facts, deployedAt }: FixSource,
	{ judgement, before, now }: FixAnswer,
): KeptFix {
	const { error_code, skill = "" } = args;
	const spans = [before.window];
	const where = (["provider", "action"] as const).flatMap((dimension) => {
		const value = args[dimension];
		return value === undefined || value === "none" ? [] : [{ dimension, value }];
	});
	const of = error_code === undefined ? ("skill" as const) : ("code" as const);
	return {
		of,
		name: error_code ?? skill,
		// Where no rise stood out, it is not known which trouble the fix was for.
		...(judgement.trouble.kind === undefined
			? {}
			: {
					stretch: of === "skill" ? { of, skill, spans } : { of, code: error_code ?? "", where, spans },
				}),
		verification: {
			at: now,
			verdict: judgement.verdict,
			deployedAt,
			...(typeof facts.commit === "string" ? { commit: facts.commit } : {}),
			...(patch === undefined ? {} : { patch: patch.replace(/^patch:\/\//, "") }),
		},
	};
}

interface FixArguments {
	readonly patch_id: string | undefined;
	readonly commit: string | undefined;
	readonly fixed_at: string | undefined;
}

/** Fields that runs do not have. */
const eventFields = ["provider", "action", "http_status", "session"];

function refuseUnclear(args: Readonly<Record<string, unknown>>, fix: FixArguments): void {
	const isGiven = (name: string) => args[name] !== undefined;
	if (isGiven("error_code") === isGiven("skill")) {
		throw new InvalidArgument(
			"error_code",
			isGiven("skill")
				? "it is given beside skill, which counts failed runs."
				: "neither it nor skill is given.",
			"Give exactly one of error_code and skill.",
		);
	}
	const ofEvents = eventFields.find(isGiven);
	if (isGiven("skill") && ofEvents !== undefined) {
		throw new InvalidArgument(
			ofEvents,
			"runs have no such field.",
			"Leave it out, or give error_code in place of skill.",
		);
	}
	const given = Object.entries(fix).flatMap(([name, value]) => (value === undefined ? [] : [name]));
	if (given.length === 1) return;
	throw new InvalidArgument(
		given[1] ?? "commit",
		given[0] === undefined
			? "it is not known which fix is meant."
			: `it is given beside ${given[0]}, and may name another fix.`,
		"Give exactly one of patch_id, commit and fixed_at.",
	);
}

async function fixOf(
	services: Services,
	{ patch_id, commit, fixed_at }: FixArguments,
	now: number,
	signal: AbortSignal,
): Promise<FixSource> {
	if (fixed_at !== undefined) {
		const deployedAt = resolveInstant("fixed_at", fixed_at, now);
		if (deployedAt < now) return givenFix(deployedAt);
		throw new InvalidArgument("fixed_at", "it is not in the past.", "Give when the fix went live.");
	}
	const deployments = services.deployments();
	const carried = async (name: string) =>
		commitFix(await deployedFix(services.codebase(), name, { deployments, now }, signal), now);
	if (patch_id === undefined) return carried(commit ?? "");
	const patch = await services.patches().inHead(patch_id.replace(/^patch:\/\//, ""), signal);
	const isThere = patch.state !== "not" && patch.state !== "reverted" && patch.commit !== undefined;
	return patchFix(patch, isThere ? await carried(patch.commit) : undefined);
}
