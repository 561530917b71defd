/** Binance's side of a bench: the simulator, in a process of its own, with the recorded frames in memory. */
import { setTimeout as wait } from 'node:timers/promises';
import { startBinanceSimulator } from '@autotrader/connector-binance/testing';
import { EndlessFeed } from '../feed/frames.mjs';
import { readRecording } from '../recordings.mjs';
import { sharedClock } from '../shared-clock.mjs';
import { answer, cpuSeconds } from './answer.mjs';

const NOMINAL_RATE = 150_000;

let simulator;
let feed;
let frames = [];

answer({
  async open({ recordings, streams }) {
    feed = new EndlessFeed(readRecording(recordings).frames, streams);
    simulator = await startBinanceSimulator({ market: false });
    const { wsUrl, restUrl } = simulator;
    return { wsUrl, restUrl };
  },

  /** Writes so many frames before the clock starts; their times are those of that many events a second. */
  prepare({ events }) {
    const start = Date.now() * 1000;
    let bytes = 0;
    frames = Array.from({ length: events }, (_, index) => {
      const { stream, payload } = feed.next(start + Math.floor((index * 1e6) / NOMINAL_RATE));
      const text = flat(`{"stream":"${stream}","data":${payload}}`);
      bytes += text.length;
      return { receivedAt: start, stream, text };
    });
    return { bytes };
  },

  /** Sends what was prepared as fast as the receiver takes it. */
  async playAll() {
    const [startedAt, cpuBefore] = [Date.now(), cpuSeconds()];
    await simulator.play({ frames, speed: 'max' });
    return { startedAt, cpu: cpuSeconds() - cpuBefore, ...sent() };
  },

  /** Sends the feed evenly, every message in a write of its own, each stamped with the shared clock as it leaves. */
  async sendStamped({ rate, seconds, offset }) {
    const now = sharedClock(offset);
    const start = now();
    const total = rate * seconds;
    const cpuBefore = cpuSeconds();
    for (let count = 0; count < total; await wait(1)) {
      const due = Math.min(total, ((now() - start) * rate) / 1e6);
      for (; count < due; count++) {
        const time = now();
        const { stream, payload } = feed.next(time, time);
        simulator.send(stream, payload);
      }
    }
    await simulator.flushed();
    return { seconds: (now() - start) / 1e6, cpu: cpuSeconds() - cpuBefore, ...sent() };
  },

  /** Sends the feed evenly. */
  async sendEvenly({ rate, seconds }) {
    const cpuBefore = cpuSeconds();
    const started = performance.now();
    await simulator.play({ frames: evenFrames(rate * seconds), messagesPerSecond: rate });
    return { seconds: (performance.now() - started) / 1000, cpu: cpuSeconds() - cpuBefore, ...sent() };
  },

  stop: () => simulator.stop(),
});

function* evenFrames(count) {
  for (let index = 0; index < count; index++) {
    const time = Date.now() * 1000;
    const { stream, payload } = feed.next(time);
    yield { receivedAt: time, stream, text: `{"stream":"${stream}","data":${payload}}` };
  }
}

/** What has left, by stream, and all of it. */
function sent() {
  const streams = simulator.sent.all();
  return {
    sent: Object.fromEntries(streams.map(({ stream, events }) => [stream, events])),
    events: streams.reduce((sum, { events }) => sum + events, 0),
  };
}

/** A text put together of parts is a tree until somebody reads it; that is not to happen on the clock. */
function flat(text) {
  return Buffer.from(text, 'latin1').latin1Slice();
}
