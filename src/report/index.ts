// From findings to the Production Debug Report, as Markdown and as a page.

export { collectReport } from "./collect.ts";
export { renderWithin } from "./fit.ts";
export { keepCases } from "./keep-cases.ts";
export { type KeptReport, keepReport, keptReports } from "./kept-reports.ts";
export { collectPage } from "./page/data.ts";
export { renderPageMarkdown } from "./page/markdown.ts";
export { renderPage } from "./page/page.ts";
export { pageScript } from "./page/page-script.ts";
