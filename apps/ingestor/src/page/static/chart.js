import { CandlestickSeries, createChart } from './lightweight-charts.js';
import { setText } from './text.js';

const dark = matchMedia('(prefers-color-scheme: dark)');
const instrument = document.getElementById('instrument');
const interval = document.getElementById('interval');
const container = document.getElementById('chart');

const chart = createChart(container, { autoSize: true, timeScale: { timeVisible: true } });
const candles = chart.addSeries(CandlestickSeries);
/** What is shown: its choice, and its last bar. */
let shown = { choice: '', last: undefined };
let isLoading = false;

colour();
dark.addEventListener('change', colour);
instrument.addEventListener('change', refresh);
interval.addEventListener('change', refresh);
document.getElementById('chart-choice').addEventListener('submit', (event) => event.preventDefault());

/** Brings what is new of the bars that are chosen; all of them when the choice is another. */
export async function refresh() {
  if (instrument.value === '' || isLoading) return;
  isLoading = true;
  try {
    const choice = `${instrument.value}&interval=${interval.value}`;
    const isNew = choice !== shown.choice;
    const from = isNew || shown.last === undefined ? 0 : shown.last.time;
    const answer = await fetch(`/api/bars?${choice}&from=${from}`);
    if (!answer.ok) return;
    show(choice, isNew, await answer.json());
  } catch {
    // the recorder is away; the page says so, and the next second asks again
  } finally {
    isLoading = false;
  }
}

/** Offers every instrument that there are bars of. */
export async function offerInstruments() {
  const answer = await fetch('/api/instruments').catch(() => undefined);
  if (answer?.ok !== true) return;
  const known = new Set([...instrument.options].map(({ value }) => value));
  for (const { venue, symbol, priceType } of await answer.json()) {
    const value = String(new URLSearchParams({ venue, symbol, priceType }));
    if (known.has(value)) continue;
    const name = `${venue} ${symbol}${priceType === 'mid' ? ' (mid of quotes)' : ''}`;
    instrument.add(new Option(name, value));
  }
  if (shown.choice === '') await refresh();
}

function show(choice, isNew, bars) {
  if (isNew) {
    candles.applyOptions({ priceFormat: priceFormatOf(bars) });
    candles.setData(bars);
    chart.timeScale().fitContent();
  } else for (const bar of bars) candles.update(bar);
  const last = bars.at(-1) ?? (isNew ? undefined : shown.last);
  shown = { choice, last };
  container.dataset.last = last === undefined ? '' : JSON.stringify(last);
  describe(last);
}

function describe(last) {
  if (last === undefined) return setText('chart-text', 'no bars yet');
  const name = instrument.selectedOptions[0].textContent;
  const at = new Date(last.time * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const { open, high, low, close, volume } = last;
  setText(
    'chart-text',
    `${name}, ${interval.value} from ${at} UTC: open ${open}, high ${high}, low ${low}, close ${close}, volume ${Number(volume.toPrecision(6))}`,
  );
}

/** As many decimals as the prices have. */
function priceFormatOf(bars) {
  const decimals = bars.slice(-50).map(({ close }) => String(close).split('.')[1]?.length ?? 0);
  const precision = Math.min(8, Math.max(2, ...decimals));
  return { type: 'price', precision, minMove: 10 ** -precision };
}

function colour() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(name).trim();
  chart.applyOptions({
    layout: { background: { color: of('--back') }, textColor: of('--text') },
    grid: { vertLines: { color: of('--line') }, horzLines: { color: of('--line') } },
    timeScale: { borderColor: of('--line') },
    rightPriceScale: { borderColor: of('--line') },
  });
  const [up, down] = [of('--up'), of('--down')];
  candles.applyOptions({
    upColor: up,
    wickUpColor: up,
    downColor: down,
    wickDownColor: down,
    borderVisible: false,
  });
}
