// How much of a long list the suite takes: a part of it, and all of it where TESTS=all is set.

/** Every n-th, from the given one. */
export function part<T>(all: readonly T[], every: number, from = 0): readonly T[] {
	return process.env.TESTS === "all" ? all : all.filter((_, index) => index % every === from % every);
}
