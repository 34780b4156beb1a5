import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { transcript } from "../../scripts/transcript.ts";

test("the transcript in docs/ is what the demo prints today", async () => {
	expect(await transcript()).toBe(readFileSync("docs/demo-transcript.md", "utf8"));
}, 120_000);
