/** What tardis-dev does with a frame of Binance, from its own sources: src/realtimefeeds, src/stream.ts, src/handy.ts. */
export function tardisContenders({ require }, snapshots) {
  const tardis = require('tardis-dev');
  const { normalizeMessages } = require('tardis-dev/dist/handy.js');
  const symbols = snapshots.map(({ symbol }) => symbol);
  const wanted = (symbol) => symbols.includes(symbol);

  function mappersOf(frames) {
    const now = new Date();
    const create = [tardis.normalizeTrades, tardis.normalizeBookChanges, tardis.normalizeBookTickers];
    const mappers = create.map((normalize) => normalize('binance', now));
    for (const message of generatedSnapshots(frames, snapshots)) {
      for (const mapper of mappers) if (mapper.canHandle(message)) Array.from(mapper.map(message, now));
    }
    return mappers;
  }

  /** Its parsing and its mappers without its asynchronous generators. */
  function plainLoop(frames, emit) {
    const mappers = mappersOf(frames);
    return () => {
      for (const { bytes } of frames) {
        const message = parse(bytes);
        const localTimestamp = new Date();
        for (const mapper of mappers) {
          if (!mapper.canHandle(message)) continue;
          for (const event of mapper.map(message, localTimestamp)) if (wanted(event.symbol)) emit(event);
        }
      }
    };
  }

  /** The loop that streamNormalized() runs for its users. */
  function asUsed(frames, emit) {
    const mappers = mappersOf(frames);
    return async () => {
      const events = normalizeMessages(
        'binance',
        symbols,
        messages(frames),
        mappers,
        () => mappers,
        false,
        wanted,
        new Date(),
      );
      for await (const event of events) emit(event);
    };
  }

  return { plainLoop, asUsed };
}

async function* messages(frames) {
  for (const { bytes } of frames) yield { localTimestamp: new Date(), message: parse(bytes) };
}

// its feed reads the socket as a stream in object mode: a text frame arrives as a string
const parse = (bytes) => JSON.parse(bytes.toString());

/** Its book mapper only buffers until a snapshot came: it gets one that ends where the first diff begins, so none is lost. */
function generatedSnapshots(frames, snapshots) {
  return snapshots.flatMap(({ symbol, book }) => {
    const stream = `${symbol.toLowerCase()}@depth`;
    const first = frames.find(({ kind, bytes }) => kind === 'depth' && bytes.includes(stream));
    if (first === undefined) return [];
    const lastUpdateId = parse(first.bytes).data.U - 1;
    return [{ stream: `${stream}Snapshot`, generated: true, data: { ...book, lastUpdateId } }];
  });
}
