// The page's script, as the build made it.

import { readBuilt } from "../../system/index.ts";

/** @throws where dist/ was not built */
export function pageScript(): Promise<string> {
	return readBuilt("report-page.js");
}
