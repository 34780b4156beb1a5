import { describeHours } from "./story-hours.ts";

describeHours(0);
