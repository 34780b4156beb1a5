// The parts of generated events: skill, provider, action, HTTP status, organization.
import type { Dimension } from "../src/episodes/index.ts";
import type { Random } from "./world-random.ts";

export const dimensions: readonly Dimension[] = [
	"skill",
	"provider",
	"action",
	"http_status",
	"organization",
];

/** How many values each dimension has; the shares fall as 1 / (rank + 1). */
const valueCounts: Readonly<Record<Dimension, number>> = {
	skill: 6,
	provider: 3,
	action: 12,
	http_status: 4,
	organization: 15,
};

/** Sums of the shares by rank, of so many values. */
const cumulative: readonly Float64Array[] = Array.from({ length: 16 }, (_, count) => {
	const shares = Array.from({ length: count }, (_, rank) => 1 / (rank + 1));
	const total = shares.reduce((sum, one) => sum + one, 0);
	let sum = 0;
	return Float64Array.from(shares, (share) => {
		sum += share / total;
		return sum;
	});
});

function draw(count: number, random: Random): number {
	const place = random();
	const sums = cumulative[count] ?? new Float64Array(0);
	for (let rank = 0; rank < count; rank++) if (place < (sums[rank] ?? 1)) return rank;
	return count - 1;
}

/** The parts of one event. An action belongs to one skill, and most of a skill's events are of one provider. */
export function drawParts(random: Random): Record<Dimension, number> {
	const skill = draw(valueCounts.skill, random);
	return {
		skill,
		provider: random() < 0.8 ? skill % valueCounts.provider : draw(valueCounts.provider, random),
		action: skill * 2 + (random() < 0.65 ? 0 : 1),
		http_status: draw(valueCounts.http_status, random),
		organization: draw(valueCounts.organization, random),
	};
}

export function valueName(dimension: Dimension, index: number): string {
	return dimension === "http_status" ? String(500 + index) : `${dimension}_${index}`;
}

/** A part of 3 to 30 % of a code's events. */
export function drawPart(
	random: Random,
	any: boolean,
): { dimension: Dimension; value: string; share: number } | undefined {
	const dimension = dimensions[Math.floor(random() * dimensions.length)] ?? "skill";
	const value = Math.floor(random() * valueCounts[dimension]);
	const share = partShare(dimension, value);
	if (share < 0.03 || share > 0.3) return any ? drawPart(random, any) : undefined;
	return { dimension, value: valueName(dimension, value), share };
}

function rankShare(count: number, rank: number): number {
	const sums = cumulative[count] ?? new Float64Array(0);
	return (sums[rank] ?? 1) - (sums[rank - 1] ?? 0);
}

function partShare(dimension: Dimension, value: number): number {
	const ofSkill = (skill: number) => rankShare(valueCounts.skill, skill);
	switch (dimension) {
		case "action":
			return ofSkill(Math.floor(value / 2)) * (value % 2 === 0 ? 0.65 : 0.35);
		case "provider":
			return (
				0.2 * rankShare(valueCounts.provider, value) +
				0.8 * (ofSkill(value) + ofSkill(value + valueCounts.provider))
			);
		case "skill":
		case "http_status":
		case "organization":
			return rankShare(valueCounts[dimension], value);
	}
}

/** Makes an event one of the part; what depends on it follows. */
export function placeInPart(
	drawn: Record<Dimension, number>,
	{ dimension, value }: { readonly dimension: Dimension; readonly value: string },
	random: Random,
): void {
	for (let tries = 0; tries < 2000; tries++) {
		if (valueName(dimension, drawn[dimension]) === value) return;
		Object.assign(drawn, drawParts(random));
	}
}
