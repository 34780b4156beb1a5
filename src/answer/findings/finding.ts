// One thing that a person would notice first, before it is put in order.

export interface Finding {
	/** Higher matters more. */
	readonly weight: number;
	readonly words: string;
}
