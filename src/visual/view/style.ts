// The view's style sheet.

import { chartStyle, colours, hostColours } from "../style.ts";

export const viewStyle = `${colours}
${hostColours}
* { box-sizing: border-box; }
html { color-scheme: light dark; }
body { margin: 0; padding: 12px 16px; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { display: inline; font-size: 18px; line-height: 1.3; margin: 0; }
h1 .quiet, h1 .before { font-size: 14px; font-weight: 400; }
p { margin: 0; }
.quiet, .before, caption { color: var(--muted); }
.before::before { content: " · "; }
.up { color: var(--bad); }
.down { color: var(--good); }
.choice { display: flex; flex-wrap: wrap; gap: 6px; margin: 10px 0 12px; }
button { font: 12px/1.3 ui-monospace, Menlo, Consolas, monospace; color: var(--text); background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: 5px 8px; cursor: pointer; text-align: left; }
button[aria-pressed="true"] { background: var(--text); color: var(--page); border-color: var(--text); }
button .count { margin-left: 8px; font-weight: 650; font-variant-numeric: tabular-nums; }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.episodes { margin: 8px 0 0; padding: 0; list-style: none; }
.episodes li { padding: 4px 0 4px 12px; border-left: 3px solid var(--hot); margin-bottom: 4px; }
strong { font-family: ui-monospace, Menlo, Consolas, monospace; font-weight: 600; }
.commits { margin: 4px 0 0; padding: 0; list-style: none; font: 12px/1.5 ui-monospace, Menlo, Consolas, monospace; }
.commits li::before { content: ""; display: inline-block; width: 8px; height: 8px; border-radius: 50%; background: var(--mark); margin-right: 6px; }
.findings { margin: 8px 0 0; padding: 0 0 0 16px; }
.findings li { padding: 2px 0; }
.ask { margin-top: 8px; font-family: inherit; }
.ask:disabled { cursor: default; color: var(--muted); }
table { border-collapse: collapse; width: 100%; margin-top: 12px; font-variant-numeric: tabular-nums; }
caption { text-align: left; }
th, td { text-align: right; font-weight: 400; padding: 4px 0 4px 12px; border-bottom: 1px solid var(--line); overflow-wrap: normal; white-space: nowrap; }
th:first-child { text-align: left; padding-left: 0; overflow-wrap: anywhere; white-space: normal; }
thead th { color: var(--muted); font-size: 12px; }
${chartStyle}`;
