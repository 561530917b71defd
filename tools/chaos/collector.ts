/**
 * The process that chaos kills: from the venue into the spool, from there into ClickHouse. Takes its settings as JSON
 * in its only argument; says `live` once the venue sends, and `accepted` with the time it took a batch once that is in the
 * spool; ends, with everything stored, when its input is closed.
 */
import { BinanceConnector } from '@autotrader/connector-binance';
import type { Batch } from '@autotrader/connector-core';
import { openStorage, type Storage } from '@autotrader/storage-clickhouse';
import type { CollectorSettings } from './collector-process.js';

async function collect(settings: CollectorSettings): Promise<void> {
  const { clickhouseUrl: url, spoolDir, wsUrl, restUrl, symbols } = settings;
  const storage = await openStorage({
    ...{ url, requestTimeoutMs: REQUEST_TIMEOUT_MS, spool: { dir: spoolDir, segmentBytes: 256 * 1024 } },
    origin: 'live',
    onNotice: ({ level, message }) => console.error(`${level}: ${message}`),
  });
  const connector = new BinanceConnector({
    ...{ wsUrl, restUrl, symbols, streams: ['trade', 'depth'], flushIntervalMs: 100 },
    ...{ reconnectMinMs: 50, reconnectMaxMs: 500, resumeFrom: (source) => storage.positionOf(source) },
  });
  const writing = write(connector.batches(), storage);
  const closed = new Promise((resolve) => process.stdin.on('end', resolve).resume());
  const started = connector.start().then(() => console.log('live'));
  started.catch(() => undefined); // stopped before it was live
  await Promise.race([closed, writing]);
  await connector.stop();
  await writing;
  await storage.drained();
  await storage.close();
}

/** An answer that does not come within this time is a link that is half open. */
const REQUEST_TIMEOUT_MS = 2_500;

async function write(batches: AsyncIterable<Batch>, storage: Storage): Promise<void> {
  for await (const batch of batches) {
    const takenAt = Date.now();
    await storage.write(batch);
    console.log(`accepted ${takenAt}`);
  }
}

collect(JSON.parse(process.argv[2] ?? '{}') as CollectorSettings).then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(1);
  },
);
