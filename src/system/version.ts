// The package's version.

declare const __VERSION__: string;

/** The build inserts it; an unbuilt tree (tests) has none. */
export const version: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";
