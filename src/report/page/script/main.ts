// The page's script: values on hover, focus and touch, sorting, copying, and the reader's own time.

import { liveCharts } from "./charts.ts";
import { copyButtons, exportButtons } from "./copy.ts";
import { ownTimes } from "./own-time.ts";
import { sortableTables } from "./tables.ts";

liveCharts();
sortableTables();
copyButtons();
exportButtons();
ownTimes();
