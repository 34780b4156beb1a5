// Explains why an answer about failed runs is empty, and what its tables leave out.

import type { NearestRuns, RunsAnswer } from "../production/index.ts";
import { isoInstant, quoteUntrusted } from "../text/index.ts";
import { scheduledWords } from "./empty-hint.ts";

/** The arguments that the hint quotes. */
export interface RunsAsked {
	readonly skill?: string | undefined;
	readonly message_contains?: string | undefined;
}

/** How many patterns and skills the answer's tables leave out. */
export interface RunsLeftOut {
	readonly patterns: number;
	readonly skills: number;
}

export function runsHint(answer: RunsAnswer, asked: RunsAsked, leftOut: RunsLeftOut): string | undefined {
	if (answer.tableEmpty)
		return ["skill_usage_logs has no rows at all: no run was ever logged here.", ...besideWords(answer)].join(
			" ",
		);
	const sentences = [
		...(answer.listed === 0 ? emptyWords(answer, asked) : listWords(answer, leftOut)),
		...(leftOut.skills > 0 ? [`${leftOut.skills} more skills failed: ask for one by skill.`] : []),
		...(answer.eventsMissing
			? ["This deployment has no table error_events, so there are no related_errors."]
			: []),
	];
	return sentences.length === 0 ? undefined : sentences.join(" ");
}

function listWords({ messages, listed, silent }: RunsAnswer, { patterns }: RunsLeftOut): string[] {
	const folded = messages.reduce((sum, { count }) => sum + count, 0);
	const rare = listed - silent - folded;
	return [
		...(silent > 0 ? [`Listed failures without a message: ${silent} of ${listed}.`] : []),
		...(rare > 0
			? [`messages groups the ${messages.length} most frequent messages; ${rare} failures have a rarer one.`]
			: []),
		...(patterns > 0 ? [`${patterns} more patterns: narrow by skill or message_contains.`] : []),
	];
}

function emptyWords(answer: RunsAnswer, { skill, message_contains: part }: RunsAsked): string[] {
	const { total, none, now, window } = answer;
	if (none === undefined) return [];
	const { failed, any } = none;
	const everLogged = total.runs > 0 || any.before !== undefined || any.after !== undefined;
	const unknown = none.skill !== undefined && !none.skill.exists && !everLogged;
	const sentences =
		window.from >= now ? [`The window lies in the future: in production it is ${isoInstant(now)}.`] : [];
	if (unknown) {
		const { meant } = none.skill;
		const near = meant === undefined ? "." : `: did you mean ${quoteUntrusted(meant, 80)}?`;
		sentences.push(`No skill is called ${quoteUntrusted(skill ?? "", 80)}${near}`);
	} else if (!everLogged) {
		sentences.push(
			none.skill?.exists === true
				? `The skill ${quoteUntrusted(skill ?? "", 80)} exists; no run of it with these filters was ever logged here.`
				: "No run with these filters was ever logged here.",
		);
	} else if (total.runs === 0) {
		sentences.push(
			`No run with these filters was logged in this window. ${nearestWords("run", any, answer)}`,
		);
	} else if (total.failures === 0) {
		sentences.push(`None of the ${total.runs} runs in this window failed with that status.`);
	} else {
		sentences.push(
			`None of the ${total.failures} failures in this window has a message that contains ${quoteUntrusted(part ?? "", 80)}.`,
		);
	}
	if (everLogged) sentences.push(nearestWords("matching failure", failed, answer));
	sentences.push(...besideWords(answer));
	sentences.push(scheduledWords);
	return sentences;
}

/** What fails may stand in the other table alone. */
function besideWords({ eventsBeside: count = 0 }: RunsAnswer): string[] {
	return count === 0 ? [] : [`error_stats has ${count} error events with these filters in this window.`];
}

/** A run dated in the future counts as the nearest only if all are. */
function nearestWords(what: string, { before, after }: NearestRuns, { window, now }: RunsAnswer): string {
	const isBefore =
		before !== undefined && (after === undefined || after > now || window.from - before <= after - window.to);
	const at = isBefore ? before : after;
	return at === undefined
		? `There is no ${what}, at any time.`
		: `The nearest ${what}: ${isoInstant(at)}${at > now ? ", dated in the future" : ""}.`;
}
