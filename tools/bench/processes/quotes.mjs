/** Oanda's or Interactive Brokers' side of a bench, in a process of its own: their simulators, with a market of many symbols. */
import { setTimeout as wait } from 'node:timers/promises';
import { startTwsSimulator } from '@autotrader/connector-ibkr/testing';
import { startOandaSimulator } from '@autotrader/connector-oanda/testing';
import { sharedClock } from '../shared-clock.mjs';
import { answer } from './answer.mjs';

let simulator;
let now;
let names;
let publish;

answer({
  /** Each price carries the shared clock as it is made. */
  async openOanda({ symbols, offset }) {
    now = sharedClock(offset);
    names = Array.from({ length: symbols }, (_, index) => `A${index}_USD`);
    const instruments = names.map((name) => ({ name, type: 'CURRENCY', price: 1, decimals: 5 }));
    simulator = await startOandaSimulator({ instruments, market: false });
    const level = (price) => [{ price, liquidity: 1_000_000 }];
    publish = (instrument, count) =>
      simulator.publish({
        ...{ instrument, time: now(), tradeable: true },
        ...{
          bids: level((1 + (count % 1000) / 1e5).toFixed(5)),
          asks: level((1.0002 + (count % 1000) / 1e5).toFixed(5)),
        },
      });
    const { url, apiKey, accountId } = simulator;
    return { names, options: { streamUrl: url, restUrl: url, apiKey, accountId } };
  },

  /** TWS tells whole seconds: the size of a trade is the shared clock since the bench began, in microseconds. */
  async openIbkr({ symbols, offset, base }) {
    now = sharedClock(offset);
    names = Array.from({ length: symbols }, (_, index) => `S${index}`);
    const stock = {
      secType: 'STK',
      exchange: 'SMART',
      primaryExch: 'NASDAQ',
      currency: 'USD',
      minTick: 0.01,
    };
    const instruments = names.map((name, index) => ({
      ...{ ...stock, conId: index + 1, symbol: name, localSymbol: name, longName: name, price: 100 },
    }));
    simulator = await startTwsSimulator({
      instruments,
      market: false,
      tickByTickEveryMs: 0,
      maxTickByTick: symbols,
    });
    publish = (symbol) => simulator.market.trade(symbol, { price: 271.35, size: now() - base });
    return { names, options: { host: simulator.host, port: simulator.port, tickByTickEveryMs: 0 } };
  },

  /** So many ticks a second of every symbol, evenly. */
  async send({ perSecond, seconds }) {
    const start = now();
    const total = perSecond * names.length * seconds;
    for (let count = 0; count < total; await wait(1)) {
      const due = Math.min(total, Math.floor(((now() - start) * perSecond * names.length) / 1e6));
      for (; count < due; count++) publish(names[count % names.length], count);
    }
    return { sent: total, seconds: (now() - start) / 1e6 };
  },

  stop: () => simulator?.stop(),
});
