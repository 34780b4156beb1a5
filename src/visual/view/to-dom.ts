// Builds DOM nodes from elements, without parsing markup.

import { visible } from "../../text/index.ts";
import type { Child } from "../element.ts";

const svg = "http://www.w3.org/2000/svg";
const inSvg = new Set(["svg", "rect", "line", "text", "title", "path"]);

export function toDom(child: Child): Node {
	if (typeof child === "string") return document.createTextNode(visible(child));
	const { name, attributes, children } = child;
	const node = inSvg.has(name) ? document.createElementNS(svg, name) : document.createElement(name);
	for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, visible(String(value)));
	node.append(...children.map(toDom));
	return node;
}
