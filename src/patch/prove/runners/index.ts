// Reads the output of the test runners that are known.

import { readGoTest } from "./go-test.ts";
import { readJest } from "./jest.ts";
import { readMocha } from "./mocha.ts";
import { readNodeTest } from "./node-test.ts";
import { readPytest } from "./pytest.ts";
import { plainLines, type TestReading } from "./reading.ts";
import { readVitest } from "./vitest.ts";

export { type FailureKind, isSameFile, type TestFailure, type TestReading } from "./reading.ts";

/** A file in which there is no test is one that did not run, and not one that failed. */
const withoutTests = /No test suite found|must contain at least one test/;

const readers = [readVitest, readJest, readNodeTest, readPytest, readMocha, readGoTest];

/**
 * @param testFiles the files that were named, below the root
 * @returns undefined for the output of a runner that is not known
 */
export function readTestOutput(output: string, testFiles: readonly string[]): TestReading | undefined {
	const lines = plainLines(output);
	for (const read of readers) {
		const reading = read(lines, testFiles);
		if (reading !== undefined)
			return { ...reading, failures: reading.failures.filter(({ message }) => !withoutTests.test(message)) };
	}
	return undefined;
}
