// The figures of the bench of episodes, and the table that they are printed as.

class Share {
	hits = 0;
	of = 0;
	add(isHit: boolean, weight = 1): void {
		this.of += weight;
		if (isHit) this.hits += weight;
	}
	toString(): string {
		return this.of === 0 ? "-" : `${((100 * this.hits) / this.of).toFixed(1)} % (${this.hits} of ${this.of})`;
	}
}

export class Figures {
	questions = 0;
	worlds = 0;
	readonly found = new Share();
	readonly foundPart = new Share();
	readonly rightPart = new Share();
	readonly partOfWhole = new Share();
	readonly falseQuiet = new Share();
	readonly falseBeside = new Share();
	readonly kind = new Share();
	readonly coverage = new Share();
	readonly coverageSharp = new Share();
	readonly coverageGrowing = new Share();
	readonly same = new Share();
	readonly sameGrowing = new Share();
	readonly sameFilter = new Share();
	readonly end = new Share();
	readonly endAny = new Share();
	readonly overWhileOn = new Share();
	readonly widths: number[] = [];
	readonly times: number[] = [];
	readonly confusion = new Map<string, number>();
	readonly notes: string[] = [];
}

function median(values: readonly number[]): number {
	const sorted = [...values].sort((one, other) => one - other);
	return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function table(figures: Figures): string {
	const coverage = new Share();
	for (const one of [figures.coverage, figures.coverageGrowing]) {
		coverage.hits += one.hits;
		coverage.of += one.of;
	}
	const rows: readonly (readonly [string, string, string])[] = [
		["troubles of 5 × or more and 20 or more extra events: found", ">= 96 %", `${figures.found}`],
		["troubles in one part, of the same size: found", "", `${figures.foundPart}`],
		["troubles in one part: found, with the right part", ">= 90 %", `${figures.rightPart}`],
		["troubles of a whole code told as of a part", "", `${figures.partOfWhole}`],
		["quiet questions with a false episode", "<= 1 %", `${figures.falseQuiet}`],
		["questions with a false episode beside a trouble", "", `${figures.falseBeside}`],
		["kind right, where it can be known", ">= 95 %", `${figures.kind}`],
		["onset interval holds the true onset (nominal 90 %)", "87 to 97 %", `${coverage}`],
		["- of steps and recurring ones", "", `${figures.coverage}`],
		["- of growing ones", "", `${figures.coverageGrowing}`],
		["- of sharp ones (10 ×, usual 6 an hour or more)", "", `${figures.coverageSharp}`],
		[
			"their interval's median width",
			"<= 20 min",
			`${median(figures.widths).toFixed(1)} min (${figures.widths.length})`,
		],
		["asked at different times: same kind, onsets within a bucket", ">= 99 %", `${figures.same}`],
		["- of growing ones, asked at different times", "", `${figures.sameGrowing}`],
		["asked with a code alone: the same answer", "", `${figures.sameFilter}`],
		["over, 6 an hour or more: end told within 30 min", ">= 95 %", `${figures.end}`],
		["over, any rate: end told within 30 min", "", `${figures.endAny}`],
		["told over while on", "<= 1 %", `${figures.overWhileOn}`],
		[
			"milliseconds, median and most",
			"<= 50",
			`${median(figures.times).toFixed(0)}, ${Math.max(...figures.times).toFixed(0)}`,
		],
	];
	return [
		`${figures.questions} questions on ${figures.worlds} worlds`,
		"",
		"| figure | bound | measured |",
		"|---|---|---|",
		...rows.map((row) => `| ${row.join(" | ")} |`),
		"",
		...[...figures.confusion].map(([key, count]) => `${key}: ${count}`),
	].join("\n");
}
