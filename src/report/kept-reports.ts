// Keeps the reports that were given, in the state folder: of one production and the repositories it was debugged with.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Services } from "../services.ts";
import {
	findStateFolder,
	isStateInside,
	keepNewest,
	openStateFolder,
	parseJson,
	privateNames,
	readPrivate,
	writePrivate,
} from "../system/index.ts";
import { Failure, isoInstant } from "../text/index.ts";
import type { Report } from "./report.ts";

/** The newest. */
const kept = 50;
const maxBytes = 512 * 1024;

const record = z.object({
	title: z.string().max(300),
	/** Epoch seconds. */
	at: z.number().int().min(0).max(4_102_444_800),
	text: z.string(),
});

/** A report as it was given: what was masked stays masked. */
export type KeptReport = z.output<typeof record> & { readonly id: string };

/** A report that cannot be kept stands all the same. */
export async function keepReport(services: Services, report: Report, text: string): Promise<void> {
	const at = Math.floor(services.clock.now() / 1000);
	const codes = report.issues.map(({ subject }) => (subject.kind === "skill" ? subject.skill : subject.code));
	const about = codes.length === 0 ? "no issues" : codes.slice(0, 3).join(", ");
	const title = `Report of ${isoInstant(at)}: ${report.total} errors, ${about}`.slice(0, 300);
	const id = createHash("sha256").update(text).digest("hex").slice(0, 16);
	try {
		const { stateFolder } = services.config;
		if (await isStateInside(stateFolder, services.roots)) return;
		const folder = await openStateFolder(stateFolder, folderOf(services), undefined);
		await writePrivate(folder, `${id}.json`, JSON.stringify({ title, at, text }));
		await keepNewest(folder, idOf, kept);
	} catch (error) {
		if (!isOfFiles(error)) throw error;
	}
}

/** The newest first; none where they cannot be read. */
export async function keptReports(services: Services): Promise<readonly KeptReport[]> {
	const { stateFolder } = services.config;
	try {
		if (await isStateInside(stateFolder, services.roots)) return [];
		const folder = await findStateFolder(stateFolder, folderOf(services), undefined);
		if (folder === undefined) return [];
		const names = (await privateNames(folder)).filter((name) => idOf(name) !== undefined);
		const read = await Promise.all(
			names.map(async (name): Promise<readonly KeptReport[]> => {
				const found = record.safeParse(parseJson(await readPrivate(folder, name, maxBytes)));
				return found.success ? [{ id: idOf(name) ?? "", ...found.data }] : [];
			}),
		);
		return read.flat().sort((one, other) => other.at - one.at || (one.id < other.id ? -1 : 1));
	} catch (error) {
		if (!isOfFiles(error)) throw error;
		return [];
	}
}

function idOf(name: string): string | undefined {
	return /^([0-9a-f]{16})\.json$/.exec(name)?.[1];
}

/** A report with addresses in it is not read by a server that masks them. */
function folderOf({ config, roots }: Services): string {
	const { host } = new URL(config.apiUrl);
	const of = createHash("sha256")
		.update(JSON.stringify([host, config.environment?.name, config.showPersonalData, ...roots]))
		.digest("hex");
	return `reports-${of.slice(0, 12)}`;
}

function isOfFiles(error: unknown): boolean {
	return error instanceof Failure || (error instanceof Error && "syscall" in error);
}
