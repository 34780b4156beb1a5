import { expect, test } from "vitest";
import { soak } from "../../bench/soak.ts";

/** The long version is `bench/soak.ts`. */
test("with one answer in ten faulty no call fails that met no fault, and nothing stays open", async () => {
	const sockets = () =>
		process.getActiveResourcesInfo().filter((name) => /^TCP|^Process|^Pipe/.test(name)).length;
	const before = sockets();
	const figures = await soak({ calls: 50, agents: 2, seed: 3 });
	expect(figures.calls).toBe(50);
	expect(figures.faults).toBeGreaterThan(3);
	expect(figures.met).toBeGreaterThan(3);
	expect(figures.failed).toBeLessThanOrEqual(figures.met);
	expect(figures.failedWithoutFault).toEqual([]);
	expect(sockets()).toBeLessThanOrEqual(before);
});
