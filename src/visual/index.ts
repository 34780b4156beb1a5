// Charts, for the page and for hosts that draw.

export { type ChartData, chartKey, statsView, viewType } from "./chart-data.ts";
export { type Band, bandsOf, countsChart } from "./counts-chart.ts";
export { type Child, type Element, element, toHtml } from "./element.ts";
export type { Marker } from "./markers.ts";
export { chartStyle, colours, paperColours } from "./style.ts";
export { datedSpan, instantWords, spanWords } from "./time-words.ts";
export { viewStyle } from "./view/style.ts";
export { changeWords, codeWords, counted, grouped, rounded } from "./words.ts";
