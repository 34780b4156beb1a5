// The companies that incidents are planted at: their words, their way to raise a code, their people.

import { pick, shuffle } from "./suspects-stories.ts";
import type { Random } from "./world-random.ts";

export interface Company {
	readonly name: string;
	/** Things that it deals with, singular. */
	readonly nouns: readonly string[];
	readonly providers: readonly string[];
	readonly skills: readonly string[];
	readonly actions: readonly string[];
	readonly organizations: readonly string[];
	/** The class, function or object by which a code is raised. */
	readonly raise: (code: string, status: number, words?: string) => string;
	/** What that needs to be imported, and the file that declares it. */
	readonly imported: string;
	readonly declaration: string;
}

const companies: readonly Company[] = [
	{
		name: "freight",
		nouns: ["manifest", "parcel", "route", "quote", "depot", "label"],
		providers: ["shiplane", "cargolio", "tidewire", "movero"],
		skills: [
			"customs-papers",
			"load-plan",
			"delay-notice",
			"fuel-surcharge",
			"carrier-choice",
			"depot-handover",
		],
		actions: ["book_pickup", "print_label", "track_parcel", "price_route", "close_manifest"],
		organizations: ["northquay", "halden-lines", "orca-cargo", "pinemont", "redbarge", "silt-and-sons"],
		raise: (code, status, words) =>
			`throw new ServiceFault('${code}', ${status}${words === undefined ? "" : `, ${words}`})`,
		imported: "ServiceFault",
		declaration:
			"export class ServiceFault extends Error {\n  constructor(readonly code: FailureCode, readonly status: number, readonly detail = '') {\n    super(detail === '' ? code : `${code}: ${detail}`);\n  }\n}\n",
	},
	{
		name: "clinic",
		nouns: ["referral", "sample", "visit", "invoice", "ward", "roster"],
		providers: ["medexa", "labrador", "vitalink", "pharmio"],
		skills: ["triage-summary", "lab-digest", "visit-letter", "recall-list", "roster-swap", "billing-preview"],
		actions: ["open_visit", "fetch_sample", "send_referral", "assign_ward", "price_invoice"],
		organizations: ["st-brannoc", "fernhill", "lakeside-practice", "marrow-house", "tolland", "quaymed"],
		raise: (code, status, words) =>
			`throw failWith('${code}', { status: ${status}${words === undefined ? "" : `, detail: ${words}`} })`,
		imported: "failWith",
		declaration:
			"export class ClinicProblem extends Error {\n  constructor(readonly code: FailureCode, readonly status: number) {\n    super(code);\n  }\n}\n\nexport function failWith(code: FailureCode, { status, detail = '' }: { status: number; detail?: string }): ClinicProblem {\n  return Object.assign(new ClinicProblem(code, status), { detail });\n}\n",
	},
	{
		name: "hotel",
		nouns: ["booking", "room", "tariff", "folio", "guest", "voucher"],
		providers: ["staygrid", "innkeep", "roomcast", "bedwire"],
		skills: [
			"welcome-note",
			"rate-compare",
			"night-audit",
			"late-checkout",
			"group-offer",
			"housekeeping-plan",
		],
		actions: ["hold_room", "quote_tariff", "issue_voucher", "post_folio", "merge_guest"],
		organizations: ["alba-inns", "blue-heron", "casa-mirador", "dunes-resort", "elmwood", "fjordside"],
		raise: (code, status, words) =>
			`throw new Refusal({ code: '${code}', status: ${status}${words === undefined ? "" : `, detail: ${words}`} })`,
		imported: "Refusal",
		declaration:
			"export class Refusal extends Error {\n  readonly code: FailureCode;\n  readonly status: number;\n  constructor({ code, status, detail }: { code: FailureCode; status: number; detail?: string }) {\n    super(detail ?? code);\n    this.code = code;\n    this.status = status;\n  }\n}\n",
	},
	{
		name: "energy",
		nouns: ["meter", "reading", "contract", "outage", "feeder", "bill"],
		providers: ["voltex", "gridly", "ampora", "heliost"],
		skills: [
			"meter-review",
			"outage-brief",
			"bill-explainer",
			"feed-in-plan",
			"contract-switch",
			"peak-forecast",
		],
		actions: ["pull_reading", "open_contract", "report_outage", "settle_bill", "map_feeder"],
		organizations: ["vale-power", "windward", "kestrel-grid", "lumen-coop", "tarn-energy", "oakline"],
		raise: (code, status, words) =>
			`throw GridError.of('${code}', ${status}${words === undefined ? "" : `, ${words}`})`,
		imported: "GridError",
		declaration:
			"export class GridError extends Error {\n  private constructor(readonly code: FailureCode, readonly status: number, readonly detail: string) {\n    super(code);\n  }\n  static of(code: FailureCode, status: number, detail = ''): GridError {\n    return new GridError(code, status, detail);\n  }\n}\n",
	},
];

/** One of the companies, its words in an order of the seed's own. */
export function companyOf(seed: number, random: Random): Company {
	const company = companies[seed % companies.length];
	if (company === undefined) throw new Error("no company");
	return {
		...company,
		nouns: shuffled(company.nouns, random),
		providers: shuffled(company.providers, random),
		skills: shuffled(company.skills, random),
		actions: shuffled(company.actions, random),
		organizations: shuffled(company.organizations, random),
	};
}

function shuffled(items: readonly string[], random: Random): readonly string[] {
	const copy = [...items];
	shuffle(copy, random);
	return copy;
}

/** @throws {Error} where a company has fewer */
export function nth<T>(items: readonly T[], index: number): T {
	const item = items[index];
	if (item === undefined) throw new Error(`nothing at ${index}`);
	return item;
}

export interface Organization {
	readonly id: string;
	readonly slug: string;
	readonly name: string;
}

export interface Person {
	readonly id: string;
	readonly organization: Organization;
}

export function peopleOf(
	{ organizations }: Company,
	random: Random,
): { readonly organizations: readonly Organization[]; readonly people: readonly Person[] } {
	const made = organizations.map((slug) => ({ id: uuid(random), slug, name: title(slug) }));
	const people = Array.from({ length: 54 }, () => ({ id: uuid(random), organization: pick(made, random) }));
	return { organizations: made, people };
}

/** The same for the same seed, in the form of a random UUID. */
export function uuid(random: Random): string {
	const digits = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join("");
	const parts = [
		digits.slice(0, 8),
		digits.slice(8, 12),
		`4${digits.slice(13, 16)}`,
		`a${digits.slice(17, 20)}`,
		digits.slice(20),
	];
	return parts.join("-");
}

export function title(slug: string): string {
	return slug.replace(/(?:^|-)(\w)/g, (_, letter: string) => ` ${letter.toUpperCase()}`).trim();
}

export function camel(text: string): string {
	return text.replace(/[-_](\w)/g, (_, letter: string) => letter.toUpperCase());
}

export function pascal(text: string): string {
	return camel(text).replace(/^\w/, (letter) => letter.toUpperCase());
}

export function upper(text: string): string {
	return text.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
}
