// The story's organizations, users, skills and integrations.

import type { Random } from "./random.ts";

export interface Organization {
	readonly id: string;
	readonly name: string;
	readonly slug: string;
}

export interface User {
	readonly id: string;
	readonly name: string;
	readonly email: string;
	readonly organization: Organization | undefined;
}

export interface Skill {
	readonly id: string;
	readonly slug: string;
	readonly name: string;
	readonly category: string;
	/** The provider that the skill depends on; undefined if none. */
	readonly provider: string | undefined;
}

const companies = [
	"Acme Recruiting",
	"Bluebird Talent",
	"Cedar & Stone",
	"Delta Staffing",
	"Evergreen HR",
	"Foxglove Search",
	"Granite Partners",
	"Harbor People",
];

const firstNames =
	"Ada Ben Chloe Dev Elif Femi Greta Hugo Ines Jonas Kaya Liam Mara Noor Otto Priya Quinn Rosa Sami Tove".split(
		" ",
	);
const lastNames =
	"Abel Brandt Costa Dietz Eriksen Fontaine Garcia Hansen Ito Jensen Khan Lopez Meyer Novak Okafor Perez".split(
		" ",
	);

/** Skills that users run, and platform tools, whose slugs are only in the logs of runs. */
export const skills: readonly Skill[] = [
	{
		id: "skill-candidate-search",
		slug: "candidate-search",
		name: "Candidate Search",
		category: "recruiting",
		provider: "anthropic",
	},
	{ id: "skill-email-draft", slug: "email-draft", name: "Email Draft", category: "email", provider: "gmail" },
	{
		id: "skill-inbox-review",
		slug: "inbox-review",
		name: "Inbox Review",
		category: "email",
		provider: "gmail",
	},
	{
		id: "skill-morning-briefing",
		slug: "morning-briefing",
		name: "Morning Briefing",
		category: "daily",
		provider: "google-calendar",
	},
	{
		id: "skill-linkedin-lookup",
		slug: "linkedin-lookup",
		name: "LinkedIn Lookup",
		category: "recruiting",
		provider: "linkedin",
	},
	{
		id: "skill-client-status",
		slug: "client-status",
		name: "Client Status",
		category: "clients",
		provider: "greenhouse",
	},
	{
		id: "skill-cold-leads",
		slug: "cold-leads",
		name: "Cold Leads",
		category: "outreach",
		provider: "zoho-recruit",
	},
	{
		id: "skill-invoice-chaser",
		slug: "invoice-chaser",
		name: "Invoice Chaser",
		category: "finance",
		provider: "gmail",
	},
	{
		id: "skill-meeting-prep",
		slug: "meeting-prep",
		name: "Meeting Prep",
		category: "meetings",
		provider: "anthropic",
	},
	{
		id: "skill-offer-letter",
		slug: "offer-letter",
		name: "Offer Letter",
		category: "recruiting",
		provider: undefined,
	},
	{
		id: "skill-ats-candidate-search",
		slug: "ats-candidate-search",
		name: "ATS Candidate Search",
		category: "platform",
		provider: "greenhouse",
	},
	{
		id: "skill-ats-proxy",
		slug: "ats-proxy",
		name: "ATS Proxy",
		category: "platform",
		provider: "greenhouse",
	},
];

/** @throws {Error} if the story has no such skill */
export function skill(slug: string): Skill {
	const found = skills.find((candidate) => candidate.slug === slug);
	if (found === undefined) throw new Error(`the story has no skill ${slug}`);
	return found;
}

export function makeOrganizations(random: Random): readonly Organization[] {
	return companies.map((name) => ({
		id: random.uuid(),
		name,
		slug: name.toLowerCase().replace(/[^a-z]+/g, "-"),
	}));
}

/** Forty users; one in ten belongs to no organization. */
export function makeUsers(random: Random, organizations: readonly Organization[]): readonly User[] {
	return Array.from({ length: 40 }, (_, index) => {
		const first = firstNames[index % firstNames.length] ?? "";
		const last = lastNames[(index * 7) % lastNames.length] ?? "";
		const organization = index % 10 === 9 ? undefined : organizations[index % organizations.length];
		const domain = organization === undefined ? "mail.example" : `${organization.slug}.example`;
		return {
			id: random.uuid(),
			name: `${first} ${last}`,
			email: `${first}.${last}@${domain}`.toLowerCase(),
			organization,
		};
	});
}
