export { PolygonHistory, type PolygonHistoryOptions, type PolygonPage } from './history.js';
export { type CalendarDay, dateText, newYorkDate, newYorkMidnight } from './new-york.js';
export { endOf, intervalOf, type Span, spanOf, type Timespan, TIMESPANS } from './spans.js';
