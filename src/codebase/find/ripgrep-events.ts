// Reads the event stream of `rg --json`.

/** A match. */
export interface Hit {
	/** Below the root, with `/` between its parts. */
	readonly path: string;
	/** 1-based. */
	readonly line: number;
	/** Where the match begins, 0-based, in UTF-16 units. */
	readonly column: number;
	/** The text that matched. */
	readonly matched: string;
	/** The match is a whole word. */
	readonly whole: boolean;
	/** The line around the match: at most 200 characters before and 100 after. */
	readonly before: string;
	readonly after: string;
}

export interface EventReader {
	/** Reads a chunk of ripgrep's output. */
	readonly read: (chunk: Buffer) => "continue" | "stop";
	/** Whether unreadable lines or names were skipped. */
	readonly passedOver: () => boolean;
}

/** Larger files are treated as data: neither counted nor shown. */
export const maxFileBytes = 4 * 1024 * 1024;
/** Upper bound of one event, in bytes; it contains one line of a file. */
const maxEvent = 16 * 1024 * 1024;
/** Of one line. */
const maxMatches = 20;
const lineFeed = 0x0a;
const matchEvent = Buffer.from('{"type":"match"');

interface MatchEvent {
	readonly data: {
		readonly path: { readonly text?: string };
		readonly lines: { readonly text?: string; readonly bytes?: string };
		readonly line_number: number | null;
		/** Where the line begins in the file, in bytes. */
		readonly absolute_offset: number;
		readonly submatches: readonly {
			readonly start: number;
			readonly match: { readonly text?: string; readonly bytes?: string };
		}[];
	};
}

/** What is told of a line with several matches: of a search the first whole word, of names to follow each. */
export type Matches = "one_of_a_line" | "each";

/**
 * Reads the stream of `rg --json`.
 *
 * @param accepts which files count; asked once a file, since a file's matches come together
 * @param onHit false ends the search
 */
export function createEventReader(
	accepts: (path: string) => boolean,
	onHit: (hit: Hit) => boolean,
	matches: Matches = "one_of_a_line",
): EventReader {
	let open: Buffer[] = [];
	let openBytes = 0;
	let passedOver = false;
	let file = { path: "", accepted: false };

	const take = (event: Buffer): boolean => {
		if (!event.subarray(0, matchEvent.length).equals(matchEvent)) return true;
		const { data } = JSON.parse(event.toString("utf8")) as MatchEvent;
		// A name that is not UTF-8 arrives as bytes: an agent could not pass it back.
		if (data.path.text === undefined) {
			passedOver = true;
			return true;
		}
		const path = data.path.text.replace(/^\.[/\\]/, "").replaceAll("\\", "/");
		if (path !== file.path) file = { path, accepted: accepts(path) };
		if (file.accepted && data.absolute_offset > maxFileBytes) {
			passedOver = true;
			file = { path, accepted: false };
		}
		if (!file.accepted) return true;
		const hits = hitsIn(path, data);
		if (matches === "each") return hits.every(onHit);
		return onHit(hits.find(({ whole }) => whole) ?? hits[0] ?? lineHit(path, data));
	};

	return {
		passedOver: () => passedOver,
		read: (chunk) => {
			let from = 0;
			for (let end = chunk.indexOf(lineFeed); end >= 0; end = chunk.indexOf(lineFeed, from)) {
				const part = chunk.subarray(from, end);
				from = end + 1;
				const whole = openBytes === 0 ? part : Buffer.concat([...open, part]);
				const isTooLong = openBytes > maxEvent;
				open = [];
				openBytes = 0;
				if (isTooLong) passedOver = true;
				else if (!take(whole)) return "stop";
			}
			const rest = chunk.subarray(from);
			openBytes += rest.length;
			if (openBytes > maxEvent) open = [];
			else if (rest.length > 0) open.push(Buffer.from(rest));
			return "continue";
		},
	};
}

function hitsIn(path: string, { lines, line_number, submatches }: MatchEvent["data"]): readonly Hit[] {
	const text = lines.text ?? Buffer.from(lines.bytes ?? "", "base64").toString("utf8");
	// Byte offsets are character offsets where the line is all ASCII.
	const bytes = Buffer.byteLength(text) === text.length ? undefined : Buffer.from(text, "utf8");
	return submatches.slice(0, maxMatches).map(({ start, match }) => {
		const matched = match.text ?? Buffer.from(match.bytes ?? "", "base64").toString("utf8");
		const column = bytes === undefined ? start : bytes.subarray(0, start).toString("utf8").length;
		const end = column + matched.length;
		return {
			path,
			line: line_number ?? 1,
			column,
			matched,
			whole: !isWordAt(text, column - 1) && !isWordAt(text, end),
			before: text.slice(Math.max(0, column - 200), column),
			after: text.slice(end, end + 100).trimEnd(),
		};
	});
}

/** A line that matches at no place. */
function lineHit(path: string, { line_number }: MatchEvent["data"]): Hit {
	return { path, line: line_number ?? 1, column: 0, matched: "", whole: false, before: "", after: "" };
}

function isWordAt(text: string, index: number): boolean {
	return /[\w$]/.test(text.charAt(index));
}
