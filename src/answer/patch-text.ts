import type { ProposedPatch } from "../patch/propose.ts";
import { fencedBlock, visibleLine } from "./untrusted.ts";

/** A proposed patch as an agent reads it. */
export function renderPatch(patch: ProposedPatch): string {
	const { id, diff, file, files, flags, notes } = patch;
	const total = files.reduce(
		(sum, { added, removed }) => ({ added: sum.added + added, removed: sum.removed + removed }),
		{
			added: 0,
			removed: 0,
		},
	);
	const changed = files.map(
		({ path, change, added, removed }) => `- ${visibleLine(path)} (${change}, +${added} -${removed})`,
	);
	return [
		`Patch ${id}: ${files.length} ${files.length === 1 ? "file" : "files"}, +${total.added} -${total.removed} lines. Nothing in the repository was changed.`,
		...changed,
		"",
		"Checked:",
		"- applies to the tree as it is now: yes (git apply, on copies; the result is byte for byte what was asked for)",
		...(flags.length === 0
			? []
			: [
					"",
					"Look twice, these files have power beyond the code:",
					...flags.map((flag) => `- ${visibleLine(flag)}`),
				]),
		...(notes.length === 0 ? [] : ["", "Notes:", ...notes.map((note) => `- ${visibleLine(note)}`)]),
		"",
		fencedBlock(diff.trimEnd(), "diff"),
		"",
		`Kept as patch://${id} and in ${visibleLine(file)}. Show it to the user, who applies it with: git apply ${visibleLine(file)}`,
	].join("\n");
}
