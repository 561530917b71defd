import { offerInstruments, refresh } from './chart.js';
import { showConnectors, showStorage, showSummary } from './connectors.js';
import { setText } from './text.js';
import { showTicks } from './ticks.js';

const OFFER_EVERY_MS = 10_000;

const events = new EventSource('/api/events');
events.addEventListener('message', ({ data }) => {
  const update = JSON.parse(data);
  showSummary(update);
  showConnectors(update.connectors);
  showStorage(update.storage);
  showTicks(update.ticks);
  document.body.dataset.at = update.at;
  if (document.getElementById('instrument').options.length === 0) void offerInstruments();
  else void refresh();
});
events.addEventListener('error', () => {
  setText('summary', 'the recorder does not answer: trying again');
  document.title = '⚠ autotrader';
});
setInterval(offerInstruments, OFFER_EVERY_MS);
