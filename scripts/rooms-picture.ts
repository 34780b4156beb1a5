// Writes docs/rooms.svg: the rooms in the order of their floors.

import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { floors, keptTo, type Room } from "./check-rooms.ts";

/** What each room does, in one line of at most 60 characters. */
const about: Readonly<Record<Room, string>> = {
	"src/text": "safe text: secrets masked, ids and times, size budgets",
	"src/system": "the machine: processes, confined paths, git, deadlines",
	"src/visual": "charts as SVG, for the report page and for hosts",
	"src/sql": "the guard: SQL is compiled and checked before it is sent",
	"src/source": "production's API and its database: limits, retries, failover",
	"src/codebase": "search, syntax and git history of the local repository",
	"src/patch": "edits or a diff become one patch that is proven to apply",
	"src/episodes": "when trouble began, what kind it is, whether it is over",
	"src/verify": "whether a fix worked",
	"src/production": "the queries that the tools make of production",
	"src/cause": "the commits before errors began",
	"src/cases": "troubles that are remembered, and what became of them",
	"src/config": "every setting, described and validated once",
	"src/repositories.ts": "the repositories that tools work on",
	"src/services.ts": "builds every service that a tool may use",
	"src/answer": "what an agent reads: tables, hints, errors",
	"src/report": "the Production Debug Report, as Markdown and as a page",
	"src/watch": "asks every few minutes, and tells what changed, once",
	"src/mcp": "the server: stdio, schemas, prompts, resources, views",
	tools: "one file per tool: arguments, the call, the answer",
	"src/sandbox": "an embedded Skillomatic for the demo and the tests",
	"src/cli": "doctor, report, watch, cases, attach, --demo, --help",
	"src/main.ts": "the command: parses its arguments, starts one of the others",
};

const width = 860;
const rowHeight = 30;
const gap = 4;
const top = 50;
const left = 44;
const columns = { name: left + 14, about: left + 146, outside: left + 546 };

const style = `
.paper { fill: #ffffff; }
.room { fill: #f3f5f8; stroke: #d0d7de; }
.outside { fill: #fbe9dc; stroke: #d9a47c; }
.line { stroke: #57606a; fill: none; }
.head { fill: #57606a; }
text { fill: #1f2328; font: 13px system-ui, sans-serif; }
.name, .module { font: 600 13px ui-monospace, Menlo, Consolas, monospace; }
.module { font: 12px ui-monospace, Menlo, Consolas, monospace; }
`;

/** The restricted external modules that this room may import. */
function modulesOf(room: Room): readonly string[] {
	return Object.entries(keptTo)
		.filter(([, rooms]) => rooms.includes(room))
		.map(([name]) => name.replace(/^node:|\/$/g, ""));
}

function row(room: Room, index: number): string {
	const y = top + index * (rowHeight + gap);
	const text = y + 20;
	const modules = modulesOf(room).join("  ");
	const right = width - 16;
	const badge =
		modules === ""
			? ""
			: `<rect class="outside" x="${columns.outside - 10}" y="${y + 4}" width="${right - columns.outside + 4}" height="${rowHeight - 8}" rx="4"/><text class="module" x="${columns.outside}" y="${text - 1}" xml:space="preserve">${modules}</text>`;
	return `<rect class="room" x="${left}" y="${y}" width="${right - left}" height="${rowHeight}" rx="5"/><text class="name" x="${columns.name}" y="${text}">${room.replace(/^src\//, "")}</text><text x="${columns.about}" y="${text}">${about[room]}</text>${badge}`;
}

/** The content of docs/rooms.svg. */
export function roomsPicture(): string {
	const rows = [...floors].reverse().map(row);
	const bottom = top + rows.length * (rowHeight + gap) - gap;
	const heads = Object.entries({
		[columns.name]: "room",
		[columns.about]: "what it does",
		[columns.outside]: "restricted modules it may import",
	}).map(([x, words]) => `<text class="head" x="${x}" y="${top - 16}">${words}</text>`);
	const tip = bottom - 8;
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${bottom + 16}" width="${width}" height="${bottom + 16}" role="img" aria-label="The rooms, from main.ts at the top to text at the bottom; imports only go down">
<!-- Written by scripts/rooms-picture.ts (npm run picture); a test compares it. -->
<style>${style}</style>
<rect class="paper" width="100%" height="100%" rx="6"/>
${heads.join("\n")}
<path class="line" d="M22 ${top + 8}V${tip}M16 ${tip - 8}L22 ${tip}L28 ${tip - 8}"/>
<text class="head" transform="translate(15 ${(top + bottom) / 2}) rotate(-90)" text-anchor="middle">imports go down only</text>
${rows.join("\n")}
</svg>
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	await writeFile(join(fileURLToPath(import.meta.url), "..", "..", "docs", "rooms.svg"), roomsPicture());
}
