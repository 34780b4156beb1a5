// Styles of the judging round whose lines the events can't tell apart: an answer that ranks them claims too much.

import type { Style } from "./event-line-scene.ts";

export const equalStyles: Readonly<Record<string, Style>> = {
	"equal: two checks of one function": {
		by: ["provider"],
		files: ({ right, wrong }) => ({
			"src/accept.ts": `export function accept(partner: string, body: Body) {
  if (partner === '${wrong.provider}') {
    if (body.lines.length > 50) throw new AcceptError('THE_CODE');
  }
  if (partner === '${right.provider}') {
    if (!body.id) throw new AcceptError('THE_CODE'); //!
    if (body.lines.length === 0) throw new AcceptError('THE_CODE'); //!
  }
}
`,
		}),
	},
	"equal: nothing that events could say": {
		by: ["skill"],
		files: () => ({
			"src/inbox.ts":
				"export function readInbox(box: Box) {\n  if (box.sealed) throw new BoxError('THE_CODE'); //!\n  return box.items;\n}\n",
			"src/outbox.ts":
				"export function readOutbox(box: Box) {\n  if (box.sealed) throw new BoxError('THE_CODE'); //!\n  return box.items;\n}\n",
		}),
	},
	"equal: two of three handle the action": {
		by: ["action"],
		files: ({ right, wrong }) => ({
			"src/actions.ts": `export const actions = {
  ${wrong.action}: async (input: Input) => {
    if (!input.user) throw new ActionError('THE_CODE');
  },
  ${right.action}: async (input: Input) => {
    if (!input.user) throw new ActionError('THE_CODE'); //!
    const found = await find(input.id);
    if (!found) throw new ActionError('THE_CODE'); //!
    return found;
  },
};
`,
		}),
	},
};
