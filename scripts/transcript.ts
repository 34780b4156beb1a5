// Writes docs/demo-transcript.md: the demo's investigation at a fixed instant; the tests compare it.

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Teller, transcriptTeller } from "./demo/teller.ts";
import { investigate } from "./demo.ts";

/** What differs between runs or machines: the demo's folder and port, durations, and cursors, which are compressed. */
function masked(text: string): string {
	return text
		.replaceAll(/\/\S*?prod-debugger-demo-\w+/g, "/DEMO")
		.replaceAll(/127\.0\.0\.1:\d+/g, "127.0.0.1:PORT")
		.replaceAll(/\b\d+ ms\b/g, "N ms")
		.replaceAll(/\bcursor [\w-]{20,}/g, "cursor CURSOR");
}

/** The content of docs/demo-transcript.md. @param also sees the same run */
export async function transcript(also?: Teller): Promise<string> {
	const steps: string[] = [];
	const own = transcriptTeller((text) => void steps.push(text));
	const teller: Teller = {
		calling(step) {
			own.calling(step);
			also?.calling(step);
		},
		async answered(step, result) {
			await own.answered(step, result);
			await also?.answered(step, result);
		},
	};
	await investigate(teller);
	return `<!-- Written by scripts/transcript.ts (npm run transcript); the tests compare it with a fresh run. -->
# An investigation, as the agent sees it

\`npm run demo\` shows this to a person: tool calls alone, from "what is failing" to a patch and the write-up, on the embedded production.
${masked(steps.join("\n"))}
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
	const folder = join(fileURLToPath(import.meta.url), "..", "..", "docs");
	await mkdir(folder, { recursive: true });
	await writeFile(join(folder, "demo-transcript.md"), await transcript());
}
