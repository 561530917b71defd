import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventsOf } from '../batch/events.js';
import { Stage } from '../testing/fake-venue/stage.js';
import { fakeVenue } from '../testing/fake-venue/venue.js';
import { MarketDataConnector } from '../connector/connector.js';

let stage: Stage;
beforeEach(async () => {
  stage = await Stage.open();
});
afterEach(() => stage.close());

const AT = 1_700_000_000_000_000;
const kept = (text: string, late = 0): { receivedAt: number; frame: Uint8Array } => ({
  receivedAt: AT + late,
  frame: new TextEncoder().encode(text),
});

describe('frames that were kept', () => {
  it('are read again with the times they came in, also what has been before, without a connection', async () => {
    const { connector, recorded } = stage.player({ symbols: ['AAA'], streams: ['trade'] });
    const batches = connector.batches();
    const frames = [
      kept(`AAA.trade 7 7 ${AT} 1.5`, 5),
      kept('nonsense', 6),
      kept(`AAA.trade 3 3 ${AT} 2.5`, 7),
      kept(`AAA.trade 3 3 ${AT} 2.5`, 8),
      kept('nonsense', 9),
    ];
    const { read, refused } = await connector.reread(frames);
    expect([read, [...refused.values()]]).toEqual([3, [2]]);
    await connector.stop();
    const rows = [];
    for await (const batch of batches) rows.push(...eventsOf(batch));
    expect(rows).toEqual(recorded.events);
    expect(recorded.events.map(({ receivedAt }) => receivedAt - AT)).toEqual([5, 7, 8]);
    expect([recorded.gaps, recorded.errors, connector.snapshot().connections]).toEqual([[], [], 0]);
  });

  it('cannot be read where they do not say what they are of', async () => {
    const { hasSelfContainedFrames: _, ...venue } = fakeVenue(stage.server.url);
    const connector = new MarketDataConnector(venue, { symbols: ['AAA'], streams: ['trade'] });
    await expect(connector.reread([])).rejects.toThrow('does not say which instrument it is of');
    await connector.stop();
  });
});
