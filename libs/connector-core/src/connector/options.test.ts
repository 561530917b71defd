import { describe, expect, it } from '@jest/globals';
import { FAKE_LIMITS, type FakeStream, fakeVenue } from '../testing/fake-venue/venue.js';
import { backoffOptions, type ConnectorOptions, type Settings, settingsOf } from './options.js';

function settings(options: Partial<ConnectorOptions<FakeStream>> = {}): Settings {
  return settingsOf(fakeVenue(''), { symbols: ['AAA'], streams: ['trade'], ...options });
}

describe('options', () => {
  it('have sensible defaults', () => {
    expect(settings()).toEqual({
      symbols: ['AAA'],
      streams: ['trade'],
      bufferSize: 1_000,
      flushIntervalMs: 1_000,
      reconnectMinMs: 1_000,
      reconnectMaxMs: 60_000,
      limits: FAKE_LIMITS,
      random: Math.random,
    });
  });

  it('stand in place of the defaults, and of single limits of the venue', () => {
    const limits = { ...FAKE_LIMITS, silenceMs: 5 };
    expect(settings({ bufferSize: 7, limits: { silenceMs: 5 } })).toMatchObject({ bufferSize: 7, limits });
    expect(settings({ reconnectMinMs: 90_000 })).toMatchObject({ reconnectMaxMs: 90_000 });
    const random = (): number => 0.5;
    expect(backoffOptions(settings({ reconnectMinMs: 2, reconnectMaxMs: 3, random }))).toEqual({
      ...{ minMs: 2, maxMs: 3, random },
    });
  });

  it.each([
    [{ bufferSize: 0 }, 'bufferSize is not above 0: 0'],
    [{ bufferSize: 1.5 }, 'bufferSize is not a whole number: 1.5'],
    [{ bufferSize: NaN }, 'bufferSize is not a whole number: NaN'],
    [{ flushIntervalMs: -1 }, 'flushIntervalMs is not above 0: -1'],
    [{ staleAfterMs: 0 }, 'staleAfterMs is not above 0: 0'],
    [{ limits: { streamsPerConnection: 0.5 } }, 'streamsPerConnection is not a whole number: 0.5'],
    [{ limits: { silenceMs: NaN } }, 'silenceMs is not above 0: NaN'],
    [{ reconnectMinMs: 5, reconnectMaxMs: 4 }, 'reconnectMaxMs (4) is less than reconnectMinMs (5)'],
    [{ streams: [] }, 'no streams: FAKE has trade, book, quote, price, bar'],
    [
      { streams: ['toString' as FakeStream] },
      'FAKE has no stream toString: it has trade, book, quote, price, bar',
    ],
  ])('that cannot be meant are refused in one line: %j', (options, message) => {
    expect(() => settings(options)).toThrow(new RangeError(message));
  });
});
