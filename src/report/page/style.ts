// The page's style sheet.

import { chartStyle, colours, paperColours } from "../../visual/index.ts";

/** Its hash is the only style that the page's policy allows. */
export const pageStyle = `${colours}
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main, header, footer { max-width: 1080px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 40px; }
footer { padding-top: 16px; padding-bottom: 40px; margin-top: 48px; border-top: 1px solid var(--line); color: var(--muted); font-size: 14px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 20px; line-height: 1.3; margin: 48px 0 4px; }
h3 { font-size: 15px; line-height: 1.4; margin: 0; font-weight: 600; }
p { margin: 0 0 12px; }
ul, ol { margin: 0; padding: 0; list-style: none; }
code, h3, .mono { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
code, .mono { font-size: 0.9em; }
.said { margin: 16px 0 0; }
.quiet { color: var(--muted); }
.lead { color: var(--muted); max-width: 70ch; }
.unbroken { display: inline-block; }
.skip { position: absolute; left: -9999px; }
.skip:focus { position: static; display: inline-block; margin: 8px 24px; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 2px; }

.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 0; }
.tiles li { background: var(--panel); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px; }
.tiles .number { display: block; font-size: 28px; line-height: 1.2; font-weight: 650; font-variant-numeric: tabular-nums; }
.tiles .name { display: block; font-size: 14px; }
.tiles .change { display: block; font-size: 14px; color: var(--muted); }
.up { color: var(--bad); }
.down { color: var(--good); }

.findings { margin-top: 12px; }
.findings li { padding: 8px 0 8px 20px; position: relative; border-bottom: 1px solid var(--line); }
.findings li:last-child { border-bottom: 0; }
.findings li::before { content: ""; position: absolute; left: 2px; top: 17px; width: 8px; height: 8px; border-radius: 50%; background: var(--hot); }

.cards { display: grid; gap: 12px; margin-top: 16px; }
.card { border: 1px solid var(--line); border-left: 4px solid var(--hot); border-radius: 8px; padding: 14px 16px; background: var(--panel); }
.card p { margin: 4px 0 0; }
.card .changes { margin-top: 8px; }
.card .changes li { padding: 2px 0; }
.card.past { border-left-color: var(--line); }
.card h4 { font-size: 14px; margin: 12px 0 2px; color: var(--muted); font-weight: 600; }
.card .prose { white-space: pre-wrap; }
.plain li { padding: 2px 0; }
.card .known { font-weight: 600; }
.way { margin-left: 8px; font-size: 14px; }
.which { font-size: 18px; margin-bottom: 4px; }
.zone:not(:empty) { display: block; }
.own { color: var(--muted); }
.legend { font-size: 14px; color: var(--muted); display: flex; flex-wrap: wrap; gap: 4px 16px; }
.legend span::before { content: ""; display: inline-block; margin-right: 6px; }
.legend .disc::before { width: 8px; height: 8px; border-radius: 50%; background: var(--mark); }
.legend .arrow::before { border: 5px solid transparent; border-top: 8px solid var(--mark); border-bottom: 0; }
:target { scroll-margin-top: 16px; }
.card:target, .codes > li:target { outline: 2px solid var(--link); outline-offset: 4px; }
pre { margin: 8px 0 0; padding: 10px 12px; overflow-x: auto; background: var(--page); border: 1px solid var(--line); border-radius: 6px; font-size: 13px; line-height: 1.45; white-space: pre-wrap; overflow-wrap: anywhere; }
pre code { font-size: inherit; }
button { font: inherit; font-size: 14px; color: var(--text); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 4px 10px; cursor: pointer; }
button:hover { border-color: var(--muted); }
.copyable button, .tools button { margin: 6px 6px 0 0; }
th button { all: unset; cursor: pointer; color: inherit; font: inherit; }
th button:focus-visible { outline: 3px solid var(--link); outline-offset: 3px; border-radius: 2px; }
th[aria-sort="ascending"] button::after { content: " \\25B2"; }
th[aria-sort="descending"] button::after { content: " \\25BC"; }
.tip { position: absolute; z-index: 1; padding: 4px 8px; border-radius: 6px; background: var(--text); color: var(--page); font-size: 14px; line-height: 1.35; pointer-events: none; max-width: 300px; font-variant-numeric: tabular-nums; }
.tip[hidden] { display: none; }
.chart .plot:focus-visible { outline-offset: 4px; }
.chart .cursor { fill: var(--text); opacity: 0.12; }

.still-on { font-weight: 650; color: var(--hot-text); font-variant-numeric: tabular-nums; }

.codes { margin-top: 12px; border-top: 1px solid var(--line); }
.codes > li { display: grid; grid-template-columns: minmax(0, 310px) 90px minmax(0, 1fr); column-gap: 20px; padding: 14px 0; border-bottom: 1px solid var(--line); }
.codes .what p { margin: 0; font-size: 14px; color: var(--muted); }
.codes .much { text-align: right; font-variant-numeric: tabular-nums; }
.codes .count { display: block; font-size: 20px; line-height: 1.25; font-weight: 650; }
.codes .change, .change .before { display: block; font-size: 14px; color: var(--muted); }
.new { display: inline-block; margin-left: 8px; padding: 0 6px; border-radius: 4px; background: var(--hot); color: var(--on-hot); font: 600 12px/18px system-ui, sans-serif; }
details { font-size: 14px; margin-top: 4px; }
summary { cursor: pointer; color: var(--muted); width: fit-content; }

table { border-collapse: collapse; width: 100%; margin-top: 16px; font-variant-numeric: tabular-nums; }
details table { width: auto; margin-top: 8px; }
caption { text-align: left; color: var(--muted); font-size: 14px; padding-bottom: 4px; }
th, td { text-align: right; padding: 6px 0 6px 12px; border-bottom: 1px solid var(--line); vertical-align: baseline; }
th, td { overflow-wrap: normal; }
td { white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
tbody th { overflow-wrap: anywhere; }
thead th { font-size: 14px; font-weight: 500; color: var(--muted); }
tbody th { font-weight: 500; }

${chartStyle}
@media (max-width: 700px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 24px; }
  h1 { font-size: 24px; }
  h2 { margin-top: 36px; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .codes > li { grid-template-columns: minmax(0, 1fr) auto; row-gap: 8px; }
  .codes .when { grid-column: 1 / -1; }
  h3 { font-size: 14px; }
  th, td { padding-left: 8px; }
  table { font-size: 15px; }
}
@media print {
  ${paperColours}
  body { font-size: 11pt; }
  main, header, footer { max-width: none; padding-left: 0; padding-right: 0; }
  .skip, details, .tip, .way, .tools, .copyable button { display: none; }
  a { color: inherit; text-decoration: none; }
  .codes > li { grid-template-columns: minmax(0, 230px) 80px minmax(0, 1fr); }
  h2 { break-after: avoid; }
  .card, .codes > li, .tiles li, tr, .whole { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
