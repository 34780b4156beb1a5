// Colours and styles that the page and the view share.

const light = `--page: #ffffff; --panel: #f6f7f9; --text: #1b1f24; --muted: #59636e; --line: #d5dae0;
  --bar: #3d6fcf; --hot: #c2570c; --hot-text: #a84505; --on-hot: #ffffff; --band: #fdebdb; --link: #1f5fcc; --bad: #b3261e; --good: #1a7431; --mark: #6f42c1;`;
const dark = `--page: #101418; --panel: #181d23; --text: #e7eaee; --muted: #a0aab5; --line: #343c46;
  --bar: #7ba4f4; --hot: #f2994a; --hot-text: #f5ab68; --on-hot: #1b1206; --band: #3d2a18; --link: #8ab4ff; --bad: #ff9d94; --good: #74d98f; --mark: #c8a6ff;`;

/** Light or dark as the reader's system prefers. Text has a contrast of at least 4.5 on both backgrounds, marks of 3. */
export const colours = `:root { ${light} }
@media (prefers-color-scheme: dark) { :root { ${dark} } }`;

/** Print is always light. */
export const paperColours = `:root { color-scheme: light; ${light} }`;

/** For hosts that set the theme, by `data-theme`. */
export const hostColours = `:root[data-theme="light"] { color-scheme: light; ${light} }
:root[data-theme="dark"] { color-scheme: dark; ${dark} }`;

/** What `countsChart` draws. */
export const chartStyle = `.chart { display: grid; grid-template-columns: 40px minmax(0, 1fr); container-type: inline-size; }
.chart svg { display: block; overflow: visible; }
.chart .counts { width: 40px; }
.chart text { font: 12px system-ui, sans-serif; fill: var(--muted); font-variant-numeric: tabular-nums; }
.chart .bar { fill: var(--bar); }
.chart .hot { fill: var(--hot); }
.chart .band { fill: var(--band); }
.chart .onset { fill: var(--hot); opacity: 0.45; }
.chart .end { stroke: var(--hot); stroke-width: 1; stroke-dasharray: 3 2; }
.chart .grid { stroke: var(--line); stroke-width: 1; }
.chart .tick { stroke: var(--muted); stroke-width: 1; }
.chart .marker line { stroke: var(--mark); stroke-width: 1; stroke-dasharray: 2 2; }
.chart .marker path { fill: var(--mark); stroke: var(--page); stroke-width: 1; }
.chart .marker.deployment line { stroke-dasharray: none; }
@container (max-width: 520px) { .chart .spare { display: none; } }
`;
