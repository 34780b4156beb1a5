// Who shows the demo's steps: the transcript as an agent reads it, the terminal as a person does.

/** A tool's result, as a client has it. */
export interface Result {
	readonly content: readonly { readonly text?: string }[];
	readonly structuredContent?: Readonly<Record<string, unknown>>;
	readonly isError?: boolean;
}

/** One call of the investigation. */
export interface Step {
	/** What one wants to know. */
	readonly why: string;
	readonly tool: string;
	readonly args: Readonly<Record<string, unknown>>;
	/** Where the part that a person should see first begins; default the start of the answer. */
	readonly from?: RegExp;
	/** How many lines of it, where more than usual are worth it. */
	readonly lines?: number;
}

export interface Teller {
	/** Before the call: it may take seconds. */
	calling(step: Step): void;
	/** @returns when the next step may begin */
	answered(step: Step, result: Result): void | Promise<void>;
}

export function textOf({ content }: Result): string {
	return content.map(({ text }) => text ?? "").join("\n");
}

/** Markdown, with each call and answer whole. @param print gets each part as it happens */
export function transcriptTeller(print: (text: string) => void): Teller {
	return {
		calling({ why, tool, args }) {
			print(`\n## ${why}\n\n> ${tool} ${JSON.stringify(args)}\n`);
		},
		answered(_step, result) {
			print(textOf(result));
		},
	};
}

/** One JSON object a line: the call, and the answer as programs get it. */
export function jsonTeller(print: (text: string) => void): Teller {
	return {
		calling() {},
		answered({ tool, args }, result) {
			print(JSON.stringify({ tool, arguments: args, result: result.structuredContent ?? textOf(result) }));
		},
	};
}
