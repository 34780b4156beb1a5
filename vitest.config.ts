import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
	test: {
		include: ["test/**/*.test.ts"],
		exclude: ["test/browser/**"],
		testTimeout: 60_000,
		hookTimeout: 60_000,
		// Two at least: by itself vitest leaves one core idle, which on a machine of two is half of it.
		maxWorkers: Math.max(2, availableParallelism() - 1),
		// Cases that wait for the network, not for the processor.
		maxConcurrency: 16,
	},
});
