/**
 * The recorded frames over and over, each time with ids that go on where the last round ended and with new times, so
 * that every event is one of its own and no id is missing. Prices, sizes and lengths are the recorded ones; times have
 * 16 digits (microseconds), as the venue sends them to whoever asks for them.
 */
export class EndlessFeed {
  #frames;
  #at = 0;
  #round = 0;

  /** @param frames of `readRecording`; those of other streams are left out. */
  constructor(frames, streams) {
    const wanted = frames.filter(({ kind }) => streams.includes(kind));
    this.#frames = wanted.map(({ bytes, kind }) => template(kind, bytes.toString('latin1')));
    spanIds(this.#frames);
  }

  /**
   * The next message. A quote has no time of the venue: `quoteId` may put something else into its id.
   * @param time microseconds since the epoch
   */
  next(time, quoteId) {
    if (this.#at === this.#frames.length) {
      this.#at = 0;
      this.#round++;
    }
    const frame = this.#frames[this.#at++];
    return { stream: frame.stream, payload: payload(frame, this.#round * frame.span, time, quoteId) };
  }
}

/** Where a payload has times and ids. */
const LAYOUTS = {
  trade: { pattern: /^(.*"E":)\d+(,.*"t":)(\d+)(,.*"T":)\d+(,.*)$/, first: 2, last: 2 },
  bookTicker: { pattern: /^(.*"u":)(\d+)(,.*)$/, first: 1, last: 1 },
  depth: { pattern: /^(.*"E":)\d+(,.*"U":)(\d+)(,"u":)(\d+)(,.*)$/, first: 2, last: 4 },
};

function template(kind, text) {
  const stream = /^\{"stream":"([^"]+)"/.exec(text)[1];
  const { pattern, first, last } = LAYOUTS[kind];
  const [, ...parts] = pattern.exec(text.slice(text.indexOf('"data":') + '"data":'.length, -1));
  return { stream, kind, parts, first: Number(parts[first]), last: Number(parts[last]), span: 0 };
}

/** How far a stream's ids move on in a round. */
function spanIds(frames) {
  const ranges = new Map();
  for (const { stream, first, last } of frames) {
    const range = ranges.get(stream) ?? { first, last };
    ranges.set(stream, { first: Math.min(first, range.first), last: Math.max(last, range.last) });
  }
  for (const frame of frames) {
    const { first, last } = ranges.get(frame.stream);
    frame.span = last - first + 1;
  }
}

function payload({ kind, parts, first, last }, shift, time, quoteId) {
  if (kind === 'trade') return `${parts[0]}${time}${parts[1]}${first + shift}${parts[3]}${time}${parts[4]}`;
  if (kind === 'bookTicker') return `${parts[0]}${quoteId ?? first + shift}${parts[2]}`;
  return `${parts[0]}${time}${parts[1]}${first + shift}${parts[3]}${last + shift}${parts[5]}`;
}
