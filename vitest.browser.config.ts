import { defineConfig } from "vitest/config";

/** Tests that need Debian's Chromium; `npm run test:browser`. */
export default defineConfig({
	test: {
		globalSetup: "test/global-setup.ts",
		include: ["test/browser/**/*.test.ts"],
		testTimeout: 30_000,
		hookTimeout: 30_000,
		// Each file has a browser of its own.
		maxWorkers: 2,
	},
});
