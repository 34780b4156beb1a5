import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		globalSetup: "test/global-setup.ts",
		include: ["test/**/*.test.ts"],
		exclude: ["test/browser/**"],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// One more than there are cores: many tests wait, for a process or for a deadline.
		maxWorkers: availableParallelism() + 1,
		// Files of a worker share what they import; a test leaves nothing behind that another could meet.
		isolate: false,
		// Cases that wait for the network, not for the processor.
		maxConcurrency: 16,
	},
});
