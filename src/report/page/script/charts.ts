// Charts that tell a bucket's value: under the mouse, under a finger, and with the arrow keys.

import { grouped, spanWords } from "../../../visual/index.ts";
import { ownSpan } from "./own-time.ts";

const svgNamespace = "http://www.w3.org/2000/svg";
/** Free space between the pointer and what it says, in pixels. */
const gap = 10;

export function liveCharts(): void {
	const tip = document.createElement("div");
	tip.className = "tip";
	tip.hidden = true;
	// What arrow keys choose is spoken.
	tip.setAttribute("role", "status");
	document.body.append(tip);
	for (const plot of document.querySelectorAll<SVGSVGElement>("svg.plot")) new LiveChart(plot, tip);
	document.addEventListener("pointerdown", ({ target }) => {
		for (const cursor of document.querySelectorAll(".chart .cursor")) cursor.remove();
		if (!(target instanceof Element && target.closest("svg.plot") !== null)) tip.hidden = true;
	});
}

class LiveChart {
	readonly #plot: SVGSVGElement;
	readonly #tip: HTMLElement;
	readonly #cursor = document.createElementNS(svgNamespace, "rect");
	readonly #start: number;
	readonly #width: number;
	readonly #counts: readonly number[];
	/** In buckets from the chart's start. */
	readonly #marks: readonly { readonly place: number; readonly words: string }[];
	#chosen: number | undefined;

	constructor(plot: SVGSVGElement, tip: HTMLElement) {
		this.#plot = plot;
		this.#tip = tip;
		const { start = "", width = "", counts = "" } = plot.dataset;
		this.#start = Number(start);
		this.#width = Number(width);
		this.#counts = counts.split(" ").map(Number);
		this.#marks = [...plot.querySelectorAll<SVGSVGElement>("svg.marker")].map((mark) => ({
			place: (Number.parseFloat(mark.getAttribute("x") ?? "") / 100) * this.#counts.length,
			words: mark.querySelector("title")?.textContent ?? "",
		}));
		// The browser's own tooltips would repeat these.
		for (const title of plot.querySelectorAll("title")) title.remove();
		this.#cursor.setAttribute("class", "cursor");
		this.#cursor.setAttribute("y", "0");
		this.#cursor.setAttribute("height", String(plot.height.baseVal.value - 20));
		plot.tabIndex = 0;
		plot.addEventListener("pointermove", (event) => this.#at(event));
		plot.addEventListener("pointerdown", (event) => this.#at(event));
		// A finger that is lifted leaves too; what it showed stays until the next touch.
		plot.addEventListener("pointerleave", ({ pointerType }) => {
			if (pointerType === "mouse") this.#hide();
		});
		plot.addEventListener("keydown", (event) => this.#key(event));
		plot.addEventListener("focus", () => {
			if (plot.matches(":focus-visible")) this.#show(this.#chosen ?? this.#peak());
		});
		plot.addEventListener("blur", () => this.#hide());
	}

	#peak(): number {
		return this.#counts.indexOf(Math.max(...this.#counts));
	}

	#at({ clientX }: PointerEvent): void {
		const { left, width } = this.#plot.getBoundingClientRect();
		this.#show(Math.floor(((clientX - left) / width) * this.#counts.length));
	}

	#key(event: KeyboardEvent): void {
		const at = this.#chosen ?? this.#peak();
		const to: Readonly<Record<string, number>> = {
			ArrowLeft: at - 1,
			ArrowRight: at + 1,
			Home: 0,
			End: this.#counts.length - 1,
		};
		const place = to[event.key];
		if (event.key === "Escape") this.#hide();
		if (place === undefined) return;
		event.preventDefault();
		this.#show(place);
	}

	#show(wanted: number): void {
		const { length } = this.#counts;
		const index = Math.max(0, Math.min(length - 1, wanted));
		this.#chosen = index;
		this.#cursor.setAttribute("x", `${(100 * index) / length}%`);
		this.#cursor.setAttribute("width", `${100 / length}%`);
		this.#plot.append(this.#cursor);
		const from = this.#start + index * this.#width;
		const marks = this.#marks.filter(({ place }) => place >= index && place < index + 1);
		const lines = [
			`${spanWords(from, from + this.#width)}: ${grouped(this.#counts[index] ?? 0)}`,
			ownSpan(from, from + this.#width) ?? "",
			...marks.map(({ words }) => words),
		].filter((line) => line !== "");
		this.#tip.replaceChildren(
			...lines.map((line) => {
				const part = document.createElement("div");
				part.textContent = line;
				return part;
			}),
		);
		this.#tip.hidden = false;
		this.#place(index);
	}

	/** Above the chart, within the window. */
	#place(index: number): void {
		const { left, top, width } = this.#plot.getBoundingClientRect();
		const { offsetWidth, offsetHeight } = this.#tip;
		const middle = left + (width * (index + 0.5)) / this.#counts.length;
		const most = document.documentElement.clientWidth - offsetWidth - gap;
		const x = Math.max(gap, Math.min(most, middle - offsetWidth / 2));
		this.#tip.style.left = `${x + window.scrollX}px`;
		this.#tip.style.top = `${Math.max(gap, top - offsetHeight - gap) + window.scrollY}px`;
	}

	#hide(): void {
		this.#cursor.remove();
		this.#tip.hidden = true;
	}
}
