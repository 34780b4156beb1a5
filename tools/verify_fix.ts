// Says whether a trouble stopped because of its fix.

import { z } from "zod";
import {
	codeArgument,
	defineTool,
	filterArguments,
	fittedAnswer,
	fixFacts,
	fixSchema,
	readsProduction,
	shortHash,
} from "../src/answer/index.ts";
import { type DeployedFix, deployedFix } from "../src/cause/index.ts";
import { resolveInstant } from "../src/production/index.ts";
import type { Services } from "../src/services.ts";
import { freeText, InvalidArgument, isoInstant, visibleLine } from "../src/text/index.ts";

const maxName = 120;

export const verifyFix = defineTool({
	name: "verify_fix",
	title: "Verify a fix",
	description:
		"Did the fix work: errors or failed runs since it went live against those expected if nothing was fixed, whether former victims succeed now, and what rose since. Says too_early, and until when, rather than guess.",
	input: z.strictObject({
		error_code: codeArgument.optional().describe("This or skill"),
		skill: filterArguments.skill.describe("Its failed runs"),
		category: filterArguments.category,
		provider: filterArguments.provider,
		action: filterArguments.action,
		http_status: filterArguments.http_status,
		session: filterArguments.session,
		user: filterArguments.user,
		organization: filterArguments.organization,
		commit: z.string().min(1).max(220).optional().describe("The fix: this or fixed_at"),
		fixed_at: z.string().min(1).max(40).optional().describe("When it went live, as since"),
	}),
	output: fixSchema,
	annotations: readsProduction,
	deadline: "production",
	summary: "Whether an error or a skill's failures stopped because of a fix, or when that can be told",
	example: { error_code: "LLM_RATE_LIMITED", fixed_at: "2h" },
	async run({ commit, fixed_at, ...args }, { services, signal }) {
		refuseUnclear(args, { commit, fixed_at });
		const now = Math.floor(services.clock.now() / 1000);
		const fix = await fixOf(services, { commit, fixed_at }, now, signal);
		const { config } = services;
		const show = (text: string) => visibleLine(freeText(text, maxName, config.showPersonalData));
		const { deployedAt } = fix;
		if (deployedAt === undefined) {
			return fittedAnswer(0, config, () => ({
				fix: fix.facts,
				verdict: "not_deployed" as const,
				findings: fix.findings,
				untrusted: fix.untrusted,
			}));
		}
		const answer = await services.production.checkFix({ ...args, deployedAt }, signal);
		const facts = fixFacts(answer, show);
		return fittedAnswer(0, config, () => ({
			fix: fix.facts,
			...facts,
			findings: [...facts.findings, ...fix.findings],
			untrusted: [...fix.untrusted, ...("side_effects" in facts ? ["side_effects"] : [])],
		}));
	},
});

interface Fix {
	readonly facts: Readonly<Record<string, string | boolean>>;
	readonly findings: readonly string[];
	readonly untrusted: readonly string[];
	/** Missing where production does not have it. */
	readonly deployedAt?: number;
}

interface FixArguments {
	readonly commit?: string | undefined;
	readonly fixed_at?: string | undefined;
}

function refuseUnclear(args: Readonly<Record<string, unknown>>, { commit, fixed_at }: FixArguments): void {
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
	const ofEvents = ["category", "provider", "action", "http_status", "session"].filter(isGiven);
	if (isGiven("skill") && ofEvents[0] !== undefined) {
		throw new InvalidArgument(
			ofEvents[0],
			"runs have no such field.",
			"Leave it out, or give error_code in place of skill.",
		);
	}
	if ((commit === undefined) === (fixed_at === undefined)) {
		throw new InvalidArgument(
			"commit",
			commit === undefined ? "neither it nor fixed_at is given." : "it is given beside fixed_at.",
			"Give exactly one of commit and fixed_at.",
		);
	}
}

async function fixOf(
	services: Services,
	{ commit, fixed_at }: FixArguments,
	now: number,
	signal: AbortSignal,
): Promise<Fix> {
	if (commit === undefined) {
		const deployedAt = resolveInstant("fixed_at", fixed_at ?? "", now);
		if (deployedAt >= now)
			throw new InvalidArgument("fixed_at", "it is not in the past.", "Give when the fix went live.");
		const facts = { deployed_at: isoInstant(deployedAt), how_known: "given" };
		return { facts, findings: [], untrusted: [], deployedAt };
	}
	const deployments = services.deployments();
	return commitFix(await deployedFix(services.codebase(), commit, { deployments, now }, signal), now);
}

function commitFix(fix: DeployedFix, now: number): Fix {
	const { id, subject, isInHead, deployedAt, how, version, revertedBy } = fix;
	const isLive = deployedAt !== undefined && deployedAt < now;
	const name = shortHash(id);
	return {
		facts: {
			commit: name,
			subject: visibleLine(subject.slice(0, maxName)),
			in_head: isInHead,
			...(isLive ? { deployed_at: isoInstant(deployedAt) } : {}),
			how_known: howWords(how, version),
		},
		findings: [
			...(isInHead ? [] : [`${name} is not in HEAD: it was not merged, or the local branch is another one.`]),
			...(isInHead && !isLive ? [`${name} is in HEAD, and in no deployment yet.`] : []),
			...(revertedBy === undefined
				? []
				: [`${name} was reverted by ${shortHash(revertedBy.id)} of ${isoInstant(revertedBy.at)}.`]),
		],
		untrusted: ["fix.subject", ...(version === undefined ? [] : ["fix.how_known"])],
		...(isLive ? { deployedAt } : {}),
	};
}

function howWords(how: DeployedFix["how"], version: string | undefined): string {
	if (how === "commit_time") return "the commit's own time: no deployment is known";
	return version === undefined ? "deployment" : `deployment ${visibleLine(version.slice(0, maxName))}`;
}
