declare const __VERSION__: string;

/** The package's version; the build writes it in, and an unbuilt tree (tests) has none. */
export const version: string = typeof __VERSION__ === "string" ? __VERSION__ : "0.0.0-source";
