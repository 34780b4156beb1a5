// What a diff asks for one file, whatever form the diff has.

import type { Hunk } from "./read-hunk.ts";

/** A diff's changes to one file. */
export type FileDiff =
	| { readonly kind: "change" | "delete"; readonly path: string; readonly hunks: readonly Hunk[] }
	| {
			readonly kind: "create";
			readonly path: string;
			readonly hunks: readonly Hunk[];
			readonly executable: boolean;
	  }
	| {
			readonly kind: "rename" | "copy";
			readonly from: string;
			readonly path: string;
			readonly hunks: readonly Hunk[];
	  };
