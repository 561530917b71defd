import { setTimeout as delay } from 'node:timers/promises';
import { TickColumnWriter } from '@autotrader/connector-core';
import { openStorage } from '@autotrader/storage-clickhouse';
import { openDatabase } from './database.mjs';
import { figure } from './rows.mjs';

const SYMBOLS = 20;
const PER_SECOND = 5_000;
const MICROS = 1_000_000;

/** What the exact bars cost while 5,000 ticks a second of 20 symbols come in live: the same twice, with bars and without. */
export async function run({ seconds = 30, progress }) {
  const cost = {};
  for (const bars of [false, true]) {
    progress(`${bars ? 'with bars' : 'without bars'}: ${seconds} s`);
    cost[bars] = await measure(bars, seconds);
  }
  const more = (name) => (cost[true][name] - cost[false][name]) * 1000;
  const each = 'CPU a second of live data, 5,000 ticks/s over 20 symbols';
  return {
    rows: [
      figure(`exact bars: ClickHouse's ${each}`, more('clickhouse'), 'ms'),
      figure(`exact bars: the recorder's ${each}`, more('recorder'), 'ms'),
      figure('all of it without bars: ClickHouse', cost[false].clickhouse * 1000, 'ms'),
    ],
  };
}

async function measure(bars, seconds) {
  const database = await openDatabase();
  try {
    const storage = await openStorage({ url: database.url, origin: 'live', bars });
    const market = new LiveMarket();
    await storage.write(market.second(nextSecond()));
    const before = { clickhouse: database.cpuSeconds(), recorder: process.cpuUsage() };
    for (let left = seconds; left > 0; left--) {
      const second = nextSecond();
      await delay(second / 1000 - Date.now());
      await storage.write(market.second(second));
    }
    await storage.drained();
    const { user, system } = process.cpuUsage(before.recorder);
    const clickhouse = (database.cpuSeconds() - before.clickhouse) / seconds;
    await storage.close();
    return { clickhouse, recorder: (user + system) / MICROS / seconds };
  } finally {
    await database.stop();
  }
}

/** The next whole second, in microseconds. */
function nextSecond() {
  return Math.ceil((Date.now() + 1) / 1000) * MICROS;
}

/** Nine quotes for a trade, as markets have them; the same in every run. */
class LiveMarket {
  #sources = Array.from({ length: SYMBOLS }, (_, at) => at).flatMap((at) =>
    ['trade', 'bookTicker'].map((stream) => ({
      ...{ venue: 'BINANCE', symbol: `S${at}/USDT`, venueSymbol: `S${at}USDT`, assetClass: 'CRYPTO', stream },
    })),
  );
  #id = 0;

  /** The ticks of the second before this time. */
  second(end) {
    const writer = new TickColumnWriter(PER_SECOND);
    for (let row = 0; row < PER_SECOND; row++) {
      const id = ++this.#id;
      const place = 2 * (id % SYMBOLS) + (id % 10 === 0 ? 0 : 1);
      const time = end - MICROS + Math.floor((row * MICROS) / PER_SECOND);
      writer.append(place, { ...this.#sources[place], ...eventOf(id, place % 2 === 0), ...timesOf(time) });
    }
    return writer.take(this.#sources);
  }
}

function timesOf(time) {
  return { timestamp: time, receivedAt: time + 1_000 };
}

function eventOf(id, isTrade) {
  const price = 100 + (id % 997) / 100;
  const event = { type: 'tick', sequenceId: id, price };
  return isTrade
    ? { ...event, kind: 'trade', size: (id % 89) / 100 + 0.01, side: id % 3 === 0 ? 'SELL' : 'BUY' }
    : {
        ...event,
        kind: 'quote',
        size: 0,
        side: 'UNKNOWN',
        bid: price,
        ask: price + 0.01,
        bidSize: 1,
        askSize: 2,
      };
}
