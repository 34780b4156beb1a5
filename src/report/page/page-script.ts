// The page's script, as the build made it.

import { readFile } from "node:fs/promises";
import { builtPath } from "../../system/index.ts";

/** @throws where dist/ was not built */
export function pageScript(): Promise<string> {
	return readFile(builtPath("report-page.js"), "utf8");
}
