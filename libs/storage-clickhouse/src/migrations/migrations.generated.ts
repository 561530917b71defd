import type { Migration } from './migration.js';

/** The files of infrastructure/clickhouse/migrations, written here by the target embed-migrations. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'tick',
    sql: `-- Ticks: trades and quotes. Written to tick_raw; read from tick.
-- An event's key is its identity, so the same event delivered again, in whatever batch, becomes one row: of its
-- copies the one that was received first. Its time counts to the minute where it has an id (copies of a quote
-- without a time of the venue differ in it, and one interface tells milliseconds where another tells microseconds).
CREATE TABLE IF NOT EXISTS {database}.tick_raw
(
    venue          LowCardinality(String) COMMENT 'in capitals: BINANCE' CODEC(ZSTD(1)),
    symbol         LowCardinality(String) COMMENT 'canonical: BTC/USDT, EUR/USD, AAPL' CODEC(ZSTD(1)),
    venue_symbol   LowCardinality(String) COMMENT 'as the venue writes it: BTCUSDT' CODEC(ZSTD(1)),
    asset_class    LowCardinality(String) COMMENT 'EQUITY, CRYPTO, FOREX, COMMODITY, INDEX' CODEC(ZSTD(1)),
    stream         LowCardinality(String) COMMENT 'the stream of the venue it came by: trade, bookTicker' CODEC(ZSTD(1)),
    timestamp      DateTime64(6, 'UTC') COMMENT 'time of the venue; where it sends none, received_at' CODEC(GCD, Delta, ZSTD(1)),
    received_order UInt64 COMMENT '2^64 - 1 - received_at in microseconds: of the copies of an event the greatest stands' CODEC(Delta, ZSTD(3)),
    received_at    DateTime64(6, 'UTC') ALIAS fromUnixTimestamp64Micro(toInt64(bitNot(received_order)), 'UTC') COMMENT 'our clock when it came off the socket',
    sequence_id    UInt64 COMMENT 'id of the venue; 0 where it has none' CODEC(Delta, ZSTD(3)),
    kind           LowCardinality(String) COMMENT 'trade or quote' CODEC(ZSTD(1)),
    price          Float64 COMMENT 'of a quote, the mid' CODEC(Delta, ZSTD(6)),
    size           Float64 COMMENT 'base units; 0 for a quote' CODEC(ZSTD(6)),
    side           LowCardinality(String) COMMENT 'the aggressor: BUY, SELL, UNKNOWN' CODEC(ZSTD(1)),
    bid            Nullable(Float64) COMMENT 'best bid, of a quote' CODEC(Delta, ZSTD(6)),
    ask            Nullable(Float64) COMMENT 'best ask, of a quote' CODEC(Delta, ZSTD(6)),
    bid_size       Nullable(Float64) COMMENT 'base units at the best bid' CODEC(ZSTD(6)),
    ask_size       Nullable(Float64) COMMENT 'base units at the best ask' CODEC(ZSTD(6)),
    origin         LowCardinality(String) COMMENT 'live or backfill: decides how long it is kept' CODEC(ZSTD(1)),
    is_superseded  UInt8 DEFAULT 0 COMMENT '1: not an event; says that its key is a copy of an event of an earlier minute' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(received_order, is_superseded)
PARTITION BY (origin, if(origin = 'live', toDate(timestamp), toStartOfMonth(timestamp)))
ORDER BY (venue, symbol, stream, toStartOfMinute(timestamp), sequence_id, if(sequence_id = 0, timestamp, toDateTime64(0, 6, 'UTC')))
TTL if(origin = 'live', toDateTime(timestamp) + toIntervalDay(90), toDateTime(4294967295))
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1,
    ttl_only_drop_parts = 1, min_compress_block_size = 262144;

-- A key is of one minute, so copies of a row are never in partitions that a condition on time leaves out: they may be
-- left out before FINAL, which since 26.3 they are not (compatibility, for servers before 26.5 lack the setting for it).
CREATE VIEW IF NOT EXISTS {database}.tick AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    kind, price, size, side, bid, ask, bid_size, ask_size, origin
FROM {database}.tick_raw FINAL
SETTINGS compatibility = '26.2';
`,
  },
  {
    version: 2,
    name: 'depth',
    sql: `-- Order books and their changes. Written to depth_raw; read from depth. Identity and copies as for ticks.
CREATE TABLE IF NOT EXISTS {database}.depth_raw
(
    venue             LowCardinality(String) COMMENT 'in capitals: BINANCE' CODEC(ZSTD(1)),
    symbol            LowCardinality(String) COMMENT 'canonical: BTC/USDT, EUR/USD, AAPL' CODEC(ZSTD(1)),
    venue_symbol      LowCardinality(String) COMMENT 'as the venue writes it: BTCUSDT' CODEC(ZSTD(1)),
    asset_class       LowCardinality(String) COMMENT 'EQUITY, CRYPTO, FOREX, COMMODITY, INDEX' CODEC(ZSTD(1)),
    stream            LowCardinality(String) COMMENT 'the stream of the venue it came by: depth, depth20' CODEC(ZSTD(1)),
    timestamp         DateTime64(6, 'UTC') COMMENT 'time of the venue; where it sends none, received_at' CODEC(GCD, Delta, ZSTD(1)),
    received_order    UInt64 COMMENT '2^64 - 1 - received_at in microseconds: of the copies of a book the greatest stands' CODEC(Delta, ZSTD(3)),
    received_at       DateTime64(6, 'UTC') ALIAS fromUnixTimestamp64Micro(toInt64(bitNot(received_order)), 'UTC') COMMENT 'our clock when it came off the socket',
    sequence_id       UInt64 COMMENT 'id of the venue, of a change the last one it covers; 0 where it has none' CODEC(Delta, ZSTD(3)),
    first_sequence_id Nullable(UInt64) COMMENT 'first id a change covers' CODEC(Delta, ZSTD(3)),
    is_snapshot       Bool COMMENT 'true: the whole top of the book; false: changed levels only' CODEC(ZSTD(1)),
    bids              Array(Tuple(price Float64, size Float64)) COMMENT 'best first; size 0 removes a level' CODEC(ZSTD(6)),
    asks              Array(Tuple(price Float64, size Float64)) COMMENT 'best first; size 0 removes a level' CODEC(ZSTD(6)),
    origin            LowCardinality(String) COMMENT 'live or backfill: decides how long it is kept' CODEC(ZSTD(1)),
    is_superseded     UInt8 DEFAULT 0 COMMENT '1: not a book; says that its key is a copy of a book of an earlier minute' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(received_order, is_superseded)
PARTITION BY (origin, if(origin = 'live', toDate(timestamp), toStartOfMonth(timestamp)))
ORDER BY (venue, symbol, stream, toStartOfMinute(timestamp), sequence_id, if(sequence_id = 0, timestamp, toDateTime64(0, 6, 'UTC')))
TTL if(origin = 'live', toDateTime(timestamp) + toIntervalDay(30), toDateTime(4294967295))
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1,
    ttl_only_drop_parts = 1, min_compress_block_size = 262144;

-- A key is of one minute, so copies of a row are never in partitions that a condition on time leaves out: they may be
-- left out before FINAL, which since 26.3 they are not (compatibility, for servers before 26.5 lack the setting for it).
CREATE VIEW IF NOT EXISTS {database}.depth AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    first_sequence_id, is_snapshot, bids, asks, origin
FROM {database}.depth_raw FINAL
SETTINGS compatibility = '26.2';
`,
  },
  {
    version: 3,
    name: 'bars',
    sql: `-- Bars of open, high, low, close, volume. Written to bars_raw; read from bars.
-- Those of source ticks are computed anew from the deduplicated ticks whenever ticks of their time arrive; those of
-- source venue are as the venue sent them. The row of the greatest version stands.
CREATE TABLE IF NOT EXISTS {database}.bars_raw
(
    venue        LowCardinality(String) COMMENT 'in capitals: BINANCE' CODEC(ZSTD(1)),
    symbol       LowCardinality(String) COMMENT 'canonical: BTC/USDT, EUR/USD, AAPL' CODEC(ZSTD(1)),
    venue_symbol LowCardinality(String) COMMENT 'as the venue writes it: BTCUSDT' CODEC(ZSTD(1)),
    asset_class  LowCardinality(String) COMMENT 'EQUITY, CRYPTO, FOREX, COMMODITY, INDEX' CODEC(ZSTD(1)),
    stream       LowCardinality(String) COMMENT 'the stream of the venue it is made from, or came by' CODEC(ZSTD(1)),
    timestamp    DateTime64(6, 'UTC') COMMENT 'of the last tick in it; of the message of the venue' CODEC(Delta, ZSTD(1)),
    received_at  DateTime64(6, 'UTC') COMMENT 'our clock when that came off the socket' CODEC(Delta, ZSTD(1)),
    sequence_id  UInt64 COMMENT 'id of the last tick in it; 0 where there is none' CODEC(Delta, ZSTD(1)),
    interval     LowCardinality(String) COMMENT '1m 5m 15m 1h 1d, in UTC; of source venue, any the venue has' CODEC(ZSTD(1)),
    price_type   LowCardinality(String) COMMENT 'trade: prices of executions; mid: mids of quotes' CODEC(ZSTD(1)),
    open_time    DateTime64(6, 'UTC') COMMENT 'first moment of the bar' CODEC(Delta, ZSTD(1)),
    open         Float64 COMMENT 'price of the first tick, by timestamp and sequence_id' CODEC(ZSTD(1)),
    high         Float64 COMMENT 'greatest price' CODEC(ZSTD(1)),
    low          Float64 COMMENT 'least price' CODEC(ZSTD(1)),
    close        Float64 COMMENT 'price of the last tick, by timestamp and sequence_id' CODEC(ZSTD(1)),
    volume       Float64 COMMENT 'base units, the exact sum; 0 in a mid bar' CODEC(ZSTD(1)),
    trades       Nullable(UInt64) COMMENT 'number of trades; of quotes in a mid bar' CODEC(ZSTD(1)),
    vwap         Nullable(Float64) COMMENT 'volume-weighted average price; NULL where there is no volume' CODEC(ZSTD(1)),
    is_closed    Bool COMMENT 'of source venue: as the venue says' CODEC(ZSTD(1)),
    source       LowCardinality(String) COMMENT 'ticks: computed from ours; venue: as the venue sent it' CODEC(ZSTD(1)),
    ticks        UInt64 DEFAULT 0 COMMENT 'of source ticks: number of ticks of all its streams' CODEC(Delta, ZSTD(1)),
    version      UInt64 DEFAULT toUInt64(toUnixTimestamp64Micro(timestamp)) COMMENT 'of source ticks: clock of the server before the ticks were read, in microseconds' CODEC(Delta, ZSTD(1)),
    is_empty     UInt8 DEFAULT 0 COMMENT '1: there is no such bar any more' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version, is_empty)
PARTITION BY toYYYYMM(open_time)
ORDER BY (venue, symbol, interval, price_type, source, open_time)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

-- A bar of ticks is closed once its time is over; ticks that come later still correct it.
CREATE VIEW IF NOT EXISTS {database}.bars AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    interval, price_type, open_time, open, high, low, close, volume, trades, vwap,
    CAST(if(source = 'ticks', open_time + toIntervalSecond(transform(interval, ['1m', '5m', '15m', '1h', '1d'], [60, 300, 900, 3600, 86400], 0)) <= now64(6, 'UTC'), is_closed), 'Bool') AS is_closed,
    source
FROM {database}.bars_raw FINAL;
`,
  },
  {
    version: 4,
    name: 'gap',
    sql: `-- What is known to be missing. Written to gap_raw; read from gap.
-- A later row of the same hole replaces an earlier one: so a hole is marked as healed.
CREATE TABLE IF NOT EXISTS {database}.gap_raw
(
    venue         LowCardinality(String) COMMENT 'in capitals: BINANCE' CODEC(ZSTD(1)),
    symbol        LowCardinality(String) COMMENT 'canonical: BTC/USDT, EUR/USD, AAPL' CODEC(ZSTD(1)),
    venue_symbol  LowCardinality(String) COMMENT 'as the venue writes it: BTCUSDT' CODEC(ZSTD(1)),
    asset_class   LowCardinality(String) COMMENT 'EQUITY, CRYPTO, FOREX, COMMODITY, INDEX' CODEC(ZSTD(1)),
    stream        LowCardinality(String) COMMENT 'the stream of the venue that lacks something' CODEC(ZSTD(1)),
    timestamp     DateTime64(6, 'UTC') COMMENT 'the time the hole ends' CODEC(Delta, ZSTD(1)),
    received_at   DateTime64(6, 'UTC') COMMENT 'our clock when it was found out' CODEC(Delta, ZSTD(1)),
    sequence_id   UInt64 COMMENT '0: a gap has none' CODEC(Delta, ZSTD(1)),
    from_sequence UInt64 COMMENT 'first missing id; 0 where the venue has none' CODEC(Delta, ZSTD(1)),
    to_sequence   Nullable(UInt64) COMMENT 'last missing id' CODEC(ZSTD(1)),
    from_time     DateTime64(6, 'UTC') COMMENT 'of the last event before the hole' CODEC(Delta, ZSTD(1)),
    to_time       DateTime64(6, 'UTC') COMMENT 'of the first event after the hole' CODEC(Delta, ZSTD(1)),
    cause         LowCardinality(String) COMMENT 'SEQUENCE, DISCONNECT, SEQUENCE_RESET' CODEC(ZSTD(1)),
    healed_at     Nullable(DateTime64(6, 'UTC')) COMMENT 'NULL while it is missing' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(received_at)
PARTITION BY toYYYYMM(from_time)
ORDER BY (venue, symbol, stream, from_sequence, from_time)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.gap AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    from_sequence, to_sequence, from_time, to_time, cause, healed_at
FROM {database}.gap_raw FINAL;
`,
  },
  {
    version: 5,
    name: 'quarantine',
    sql: `-- Frames that are not what the venue documents, with their bytes. Written to quarantine_raw; read from quarantine.
-- frame_hash keeps the key small and lets the same frame, seen again in a replay, become one row.
CREATE TABLE IF NOT EXISTS {database}.quarantine_raw
(
    venue       LowCardinality(String) COMMENT 'in capitals: BINANCE' CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') COMMENT 'our clock when it came off the socket' CODEC(Delta, ZSTD(1)),
    reason      String COMMENT 'why it is none, in one line' CODEC(ZSTD(1)),
    size        UInt64 COMMENT 'bytes of the frame' CODEC(ZSTD(1)),
    frame       String COMMENT 'the bytes as they came; not always UTF-8' CODEC(ZSTD(1)),
    frame_hash  UInt64 MATERIALIZED cityHash64(frame) COMMENT 'keeps the key small' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (venue, received_at, frame_hash)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.quarantine AS
SELECT venue, received_at, reason, size, frame
FROM {database}.quarantine_raw FINAL;
`,
  },
  {
    version: 6,
    name: 'live_minutes',
    sql: `-- The minutes of live ticks, there with the tick itself. Read from bars_1m.
-- An insert that is repeated counts once here; the same tick in another batch counts again, as a view of inserts
-- cannot know. bars has the exact bars, a second later.
CREATE TABLE IF NOT EXISTS {database}.bars_1m_raw
(
    venue      LowCardinality(String) COMMENT 'in capitals: BINANCE' CODEC(ZSTD(1)),
    symbol     LowCardinality(String) COMMENT 'canonical: BTC/USDT, EUR/USD, AAPL' CODEC(ZSTD(1)),
    stream     LowCardinality(String) COMMENT 'the stream of the venue it is made from' CODEC(ZSTD(1)),
    price_type LowCardinality(String) COMMENT 'trade: prices of executions; mid: mids of quotes' CODEC(ZSTD(1)),
    open_time  DateTime64(6, 'UTC') COMMENT 'first moment of the minute' CODEC(Delta, ZSTD(1)),
    open       AggregateFunction(argMin, Float64, UInt128) COMMENT 'price of the first tick, by timestamp and sequence_id' CODEC(ZSTD(1)),
    high       SimpleAggregateFunction(max, Float64) COMMENT 'greatest price' CODEC(ZSTD(1)),
    low        SimpleAggregateFunction(min, Float64) COMMENT 'least price' CODEC(ZSTD(1)),
    close      AggregateFunction(argMax, Float64, UInt128) COMMENT 'price of the last tick, by timestamp and sequence_id' CODEC(ZSTD(1)),
    volume     SimpleAggregateFunction(sum, Float64) COMMENT 'base units' CODEC(ZSTD(1)),
    trades     SimpleAggregateFunction(sum, UInt64) COMMENT 'number of trades; of quotes in a mid bar' CODEC(ZSTD(1))
)
ENGINE = AggregatingMergeTree
PARTITION BY toDate(open_time)
ORDER BY (venue, symbol, stream, price_type, open_time)
TTL toDateTime(open_time) + toIntervalDay(7)
SETTINGS non_replicated_deduplication_window = 100000, ttl_only_drop_parts = 1;

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.bars_1m_mv TO {database}.bars_1m_raw AS
SELECT
    venue, symbol, stream, if(kind = 'trade', 'trade', 'mid') AS price_type,
    toDateTime64(toStartOfMinute(timestamp), 6, 'UTC') AS open_time,
    argMinState(price, bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp)), 64) + sequence_id) AS open,
    max(price) AS high,
    min(price) AS low,
    argMaxState(price, bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp)), 64) + sequence_id) AS close,
    sum(size) AS volume,
    count() AS trades
FROM {database}.tick_raw
WHERE origin = 'live' AND is_superseded = 0
GROUP BY venue, symbol, stream, price_type, open_time;

CREATE VIEW IF NOT EXISTS {database}.bars_1m AS
SELECT
    venue, symbol, stream, price_type, open_time,
    argMinMerge(open) AS open, max(high) AS high, min(low) AS low, argMaxMerge(close) AS close,
    round(sum(volume), 8) AS volume, sum(trades) AS trades
FROM {database}.bars_1m_raw
GROUP BY venue, symbol, stream, price_type, open_time;
`,
  },
  {
    version: 7,
    name: 'tick_identity',
    sql: `-- Ticks of venues without ids (IBKR), and what a venue says of a tick. content_id is part of the key: where times are of
-- whole seconds, it tells events of one second apart, and is the same in every copy of an event.
ALTER TABLE {database}.tick_raw ADD COLUMN IF NOT EXISTS condition LowCardinality(String) COMMENT 'INDICATIVE: not to be traded at just now; DELAYED: some fifteen minutes old; empty: neither' CODEC(ZSTD(1)) AFTER ask_size;

ALTER TABLE {database}.tick_raw ADD COLUMN IF NOT EXISTS content_id UInt64 COMMENT 'where the venue has no ids and coarse times: made of what the event says; else 0' CODEC(Delta, ZSTD(3)) AFTER condition, MODIFY ORDER BY (venue, symbol, stream, toStartOfMinute(timestamp), sequence_id, if(sequence_id = 0, timestamp, toDateTime64(0, 6, 'UTC')), content_id);

DROP VIEW IF EXISTS {database}.tick;

CREATE VIEW IF NOT EXISTS {database}.tick AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    kind, price, size, side, bid, ask, bid_size, ask_size, condition, content_id, origin
FROM {database}.tick_raw FINAL
SETTINGS compatibility = '26.2';

-- A quote that nobody trades at is no price of a bar; without an id, the receive time tells which came first.
DROP VIEW IF EXISTS {database}.bars_1m_mv;

CREATE MATERIALIZED VIEW IF NOT EXISTS {database}.bars_1m_mv TO {database}.bars_1m_raw AS
SELECT
    venue, symbol, stream, if(kind = 'trade', 'trade', 'mid') AS price_type,
    toDateTime64(toStartOfMinute(timestamp), 6, 'UTC') AS open_time,
    argMinState(price, bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp)), 64) + if(sequence_id = 0, bitNot(received_order), sequence_id)) AS open,
    max(price) AS high,
    min(price) AS low,
    argMaxState(price, bitShiftLeft(toUInt128(toUnixTimestamp64Micro(timestamp)), 64) + if(sequence_id = 0, bitNot(received_order), sequence_id)) AS close,
    sum(size) AS volume,
    count() AS trades
FROM {database}.tick_raw
WHERE origin = 'live' AND is_superseded = 0 AND condition != 'INDICATIVE'
GROUP BY venue, symbol, stream, price_type, open_time;
`,
  },
  {
    version: 8,
    name: 'history',
    sql: `-- History: bars as if later splits had been then, beside those as traded; holes that a back-fill found; and its ledger.
ALTER TABLE {database}.bars_raw ADD COLUMN IF NOT EXISTS adjustment LowCardinality(String) COMMENT 'SPLITS: as if later splits had been then; empty: as traded' CODEC(ZSTD(1)) AFTER is_closed, MODIFY ORDER BY (venue, symbol, interval, price_type, source, open_time, adjustment);

DROP VIEW IF EXISTS {database}.bars;

CREATE VIEW IF NOT EXISTS {database}.bars AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    interval, price_type, open_time, open, high, low, close, volume, trades, vwap,
    CAST(if(source = 'ticks', open_time + toIntervalSecond(transform(interval, ['1m', '5m', '15m', '1h', '1d'], [60, 300, 900, 3600, 86400], 0)) <= now64(6, 'UTC'), is_closed), 'Bool') AS is_closed,
    adjustment, source
FROM {database}.bars_raw FINAL;

ALTER TABLE {database}.gap_raw MODIFY COLUMN IF EXISTS cause LowCardinality(String) COMMENT 'SEQUENCE, DISCONNECT, SEQUENCE_RESET, BACKFILL' CODEC(ZSTD(1));

-- What a back-fill is to fetch, and how far it is: a row for each change of a task; the row of the greatest version stands.
-- Of workers that want one task at once, one has it: the row of an attempt is inserted once, by its token.
CREATE TABLE IF NOT EXISTS {database}.backfill_task_raw
(
    dataset      LowCardinality(String) COMMENT 'what is fetched: dukascopy ticks, polygon 1d SPLITS' CODEC(ZSTD(1)),
    venue        LowCardinality(String) COMMENT 'in capitals: DUKASCOPY' CODEC(ZSTD(1)),
    symbol       LowCardinality(String) COMMENT 'canonical: EUR/USD, AAPL; * for a whole market' CODEC(ZSTD(1)),
    venue_symbol LowCardinality(String) COMMENT 'as the venue writes it: EURUSD' CODEC(ZSTD(1)),
    from_time    DateTime64(6, 'UTC') COMMENT 'first moment of the time it is about' CODEC(Delta, ZSTD(1)),
    to_time      DateTime64(6, 'UTC') COMMENT 'first moment after it' CODEC(Delta, ZSTD(1)),
    state        LowCardinality(String) COMMENT 'pending, running, done, empty, failed' CODEC(ZSTD(1)),
    attempt      UInt32 COMMENT 'how often it was begun' CODEC(ZSTD(1)),
    rows         UInt64 COMMENT 'rows that were stored; of state done' CODEC(ZSTD(1)),
    checksum     String COMMENT 'SHA-256 of what was fetched, in hex; empty where the venue has nothing' CODEC(ZSTD(1)),
    source       LowCardinality(String) COMMENT 'the way it came: bi5, jetta, rest' CODEC(ZSTD(1)),
    reason       String COMMENT 'why it failed, or is not over, in one line' CODEC(ZSTD(1)),
    worker       LowCardinality(String) COMMENT 'who has it, or had it last' CODEC(ZSTD(1)),
    lease_until  DateTime64(6, 'UTC') COMMENT 'of state running: until then nobody else begins it' CODEC(Delta, ZSTD(1)),
    changed_at   DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'clock of the server when it was so' CODEC(Delta, ZSTD(1)),
    version      UInt64 COMMENT 'grows with each change: attempt, and within it the stage' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (dataset, venue, symbol, from_time, to_time)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.backfill_task AS
SELECT
    dataset, venue, symbol, venue_symbol, from_time, to_time, state, attempt, rows, checksum, source, reason, worker,
    lease_until, changed_at
FROM {database}.backfill_task_raw FINAL;
`,
  },
];
