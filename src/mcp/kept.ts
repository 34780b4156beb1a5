// What resources/list names beside the reference: kept patches, cases and reports, the newest first, page by page.

import { caseName } from "../answer/index.ts";
import { shownStatus } from "../cases/index.ts";
import { keptReports } from "../report/index.ts";
import type { Services } from "../services.ts";
import { Failure, isoInstant, nothingPersonal, type SafeText, safeText, visibleLine } from "../text/index.ts";
import { eachEnvironment } from "./environments.ts";

/** One entry of a list of resources. */
export interface KeptListing {
	readonly uri: SafeText;
	readonly name: SafeText;
	readonly description: SafeText;
	readonly mimeType: string;
}

export interface KeptPage {
	readonly resources: readonly KeptListing[];
	readonly nextCursor?: string;
}

interface Entry {
	readonly uri: string;
	/** Epoch seconds. */
	readonly at: number;
	readonly name: string;
	readonly description: string;
	readonly mimeType: string;
}

const pageSize = 50;
const maxName = 120;

/** @param cursor of the page before; one that is not ours begins from the start */
export async function listKept(services: Services, cursor: string | undefined): Promise<KeptPage> {
	const entries = await Promise.all(
		eachEnvironment(services).flatMap((own, _, { length }) =>
			[patches(own), cases(own), reports(own)].map(async (list) => {
				const { environment } = own.config;
				const words = length > 1 && environment !== undefined ? ` Environment ${environment.name}.` : "";
				return (await list).map((entry) => ({ ...entry, description: `${entry.description}${words}` }));
			}),
		),
	);
	// Two environments may keep the same patch.
	const once = new Map(entries.flat().map((entry) => [entry.uri, entry]));
	const all = [...once.values()].sort((one, other) => other.at - one.at || (one.uri < other.uri ? -1 : 1));
	const after = placeIn(cursor);
	const rest =
		after === undefined
			? all
			: all.filter(({ at, uri }) => at < after.at || (at === after.at && uri > after.uri));
	const shown = rest.slice(0, pageSize);
	const last = shown.at(-1);
	return {
		resources: shown.map(({ uri, name, description, mimeType }) => ({
			uri: safeText(uri, nothingPersonal),
			name: safeText(visibleLine(name.slice(0, maxName).toWellFormed()), nothingPersonal),
			description: safeText(description, nothingPersonal),
			mimeType,
		})),
		...(rest.length > shown.length && last !== undefined
			? { nextCursor: Buffer.from(`${last.at} ${last.uri}`).toString("base64url") }
			: {}),
	};
}

function placeIn(cursor: string | undefined): { readonly at: number; readonly uri: string } | undefined {
	const text = Buffer.from(cursor ?? "", "base64url").toString("utf8");
	const [, at, uri] = /^(\d{1,12}) ((?:patch|case|report):\/\/[\w-]{1,64})$/.exec(text) ?? [];
	return uri === undefined ? undefined : { at: Number(at), uri };
}

async function patches(services: Services): Promise<readonly Entry[]> {
	const names = services.repositories;
	const each = names.length === 0 ? [services] : names.map((name) => services.inRepository(name));
	const lists = await Promise.all(each.map((own) => orNone(() => own.patches().list())));
	return lists.flat().map(({ id, title, errorCode, madeAt }) => ({
		uri: `patch://${id}`,
		at: Math.floor(Date.parse(madeAt) / 1000) || 0,
		name: `Patch: ${title}`,
		description: `Proposed ${madeAt}${errorCode === undefined ? "" : ` for ${visibleLine(errorCode)}`}. Its title is an agent's.`,
		mimeType: "text/x-diff",
	}));
}

async function cases(services: Services): Promise<readonly Entry[]> {
	const all = await orNone(() => services.memory().all());
	return all.map((one) => ({
		uri: `case://${one.id}`,
		at: one.openedAt,
		name: `Case: ${caseName(one)}, ${shownStatus(one)}`,
		description: `Opened ${isoInstant(one.openedAt)}. Agents wrote its causes.`,
		mimeType: "text/markdown",
	}));
}

async function reports(services: Services): Promise<readonly Entry[]> {
	return (await keptReports(services)).map(({ id, title, at }) => ({
		uri: `report://${id}`,
		at,
		name: title,
		description: "A Production Debug Report: its numbers are production's, its causes an agent's.",
		mimeType: "text/markdown",
	}));
}

/** A list of what can be read stands without what cannot. */
async function orNone<T>(read: () => Promise<readonly T[]>): Promise<readonly T[]> {
	try {
		return await read();
	} catch (error) {
		if (error instanceof Failure) return [];
		throw error;
	}
}
