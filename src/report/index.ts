// DOOR report

export { collectReport } from "./collect.ts";
export { renderWithin } from "./fit.ts";
export { renderReport } from "./markdown.ts";
