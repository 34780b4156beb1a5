// The view's entry point: connects to the host and redraws on each result and click.

import type { ChartData } from "../chart-data.ts";
import { draw, question } from "./draw.ts";
import { connectHost } from "./host.ts";
import { readData } from "./read-data.ts";
import { toDom } from "./to-dom.ts";

declare const __VERSION__: string;

let data: ChartData | undefined;
let chosen: string | undefined;
let canAsk = false;

function show(node: Node): void {
	document.body.replaceChildren(node);
	host.resized();
}

function showNote(text: string): void {
	const note = document.createElement("p");
	note.textContent = text;
	show(note);
}

function redraw(): void {
	if (data !== undefined) show(toDom(draw(data, chosen, canAsk)));
}

const host = connectHost("prod-debugger-error-stats", __VERSION__, {
	result(result) {
		data = readData(result);
		chosen = undefined;
		if (data === undefined)
			showNote(
				result.isError === true ? "The call failed; the answer says why." : "There is nothing to draw.",
			);
		else redraw();
	},
	context({ theme }) {
		if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
	},
	mayAsk() {
		canAsk = true;
	},
	cancelled: () => showNote("The call was cancelled."),
});

document.body.addEventListener("click", ({ target }) => {
	const button = target instanceof Element ? target.closest("button") : null;
	if (button === null) return;
	const { ask } = button.dataset;
	if (ask !== undefined) {
		void askAbout(ask, button);
		return;
	}
	chosen = button.dataset.code;
	redraw();
	// The buttons are new: the one that was pressed keeps the focus.
	for (const one of document.querySelectorAll("button")) if (one.dataset.code === chosen) one.focus();
});
async function askAbout(code: string, button: HTMLButtonElement): Promise<void> {
	button.disabled = true;
	button.textContent = (await host.ask(question(code, data?.environment)))
		? "Asked"
		: "The host did not take the question";
}

new ResizeObserver(() => host.resized()).observe(document.body);
