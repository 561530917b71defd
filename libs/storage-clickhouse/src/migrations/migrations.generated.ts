import type { Migration } from './migration.js';

/** The files of infrastructure/clickhouse/migrations, written here by the target embed-migrations. */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: 'tick',
    sql: `-- Ticks: trades and quotes. Written to tick_raw; read from tick.
-- An event's key is its identity, so the same event delivered again, in whatever batch, becomes one row.
CREATE TABLE IF NOT EXISTS {database}.tick_raw
(
    venue        LowCardinality(String) CODEC(ZSTD(1)),
    symbol       LowCardinality(String) CODEC(ZSTD(1)),
    venue_symbol LowCardinality(String) CODEC(ZSTD(1)),
    asset_class  LowCardinality(String) CODEC(ZSTD(1)),
    stream       LowCardinality(String) CODEC(ZSTD(1)),
    timestamp    DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at  DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    sequence_id  UInt64 COMMENT '0 where the venue has none' CODEC(Delta, ZSTD(1)),
    kind         LowCardinality(String) COMMENT 'trade or quote' CODEC(ZSTD(1)),
    price        Float64 COMMENT 'of a quote, the mid' CODEC(ZSTD(1)),
    size         Float64 COMMENT 'base units; 0 for a quote' CODEC(ZSTD(1)),
    side         LowCardinality(String) COMMENT 'the aggressor: BUY, SELL, UNKNOWN' CODEC(ZSTD(1)),
    bid          Nullable(Float64) CODEC(ZSTD(1)),
    ask          Nullable(Float64) CODEC(ZSTD(1)),
    bid_size     Nullable(Float64) CODEC(ZSTD(1)),
    ask_size     Nullable(Float64) CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(timestamp)
ORDER BY (venue, symbol, stream, timestamp, sequence_id)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.tick AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    kind, price, size, side, bid, ask, bid_size, ask_size
FROM {database}.tick_raw FINAL;
`,
  },
  {
    version: 2,
    name: 'depth',
    sql: `-- Order books and their changes. Written to depth_raw; read from depth.
CREATE TABLE IF NOT EXISTS {database}.depth_raw
(
    venue             LowCardinality(String) CODEC(ZSTD(1)),
    symbol            LowCardinality(String) CODEC(ZSTD(1)),
    venue_symbol      LowCardinality(String) CODEC(ZSTD(1)),
    asset_class       LowCardinality(String) CODEC(ZSTD(1)),
    stream            LowCardinality(String) CODEC(ZSTD(1)),
    timestamp         DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at       DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    sequence_id       UInt64 COMMENT '0 where the venue has none' CODEC(Delta, ZSTD(1)),
    first_sequence_id Nullable(UInt64) COMMENT 'first id a change covers; sequence_id is the last' CODEC(ZSTD(1)),
    is_snapshot       Bool COMMENT 'true: the whole top of the book; false: changed levels only' CODEC(ZSTD(1)),
    bids              Array(Tuple(price Float64, size Float64)) COMMENT 'best first; size 0 removes a level' CODEC(ZSTD(1)),
    asks              Array(Tuple(price Float64, size Float64)) COMMENT 'best first; size 0 removes a level' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toDate(timestamp)
ORDER BY (venue, symbol, stream, timestamp, sequence_id)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.depth AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    first_sequence_id, is_snapshot, bids, asks
FROM {database}.depth_raw FINAL;
`,
  },
  {
    version: 3,
    name: 'bars',
    sql: `-- Bars of open, high, low, close, volume. Written to bars_raw; read from bars.
-- The row with the latest event time stands: a bar a venue sends while it forms is replaced as it changes.
CREATE TABLE IF NOT EXISTS {database}.bars_raw
(
    venue        LowCardinality(String) CODEC(ZSTD(1)),
    symbol       LowCardinality(String) CODEC(ZSTD(1)),
    venue_symbol LowCardinality(String) CODEC(ZSTD(1)),
    asset_class  LowCardinality(String) CODEC(ZSTD(1)),
    stream       LowCardinality(String) CODEC(ZSTD(1)),
    timestamp    DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at  DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    sequence_id  UInt64 COMMENT '0 where the venue has none' CODEC(Delta, ZSTD(1)),
    interval     LowCardinality(String) COMMENT '1m 5m 15m 1h 1d' CODEC(ZSTD(1)),
    price_type   LowCardinality(String) COMMENT 'trade: prices of executions; mid: mids of quotes' CODEC(ZSTD(1)),
    open_time    DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    open         Float64 CODEC(ZSTD(1)),
    high         Float64 CODEC(ZSTD(1)),
    low          Float64 CODEC(ZSTD(1)),
    close        Float64 CODEC(ZSTD(1)),
    volume       Float64 COMMENT 'base units' CODEC(ZSTD(1)),
    trades       Nullable(UInt64) COMMENT 'number of trades; of quotes in a mid bar' CODEC(ZSTD(1)),
    vwap         Nullable(Float64) CODEC(ZSTD(1)),
    is_closed    Bool COMMENT 'true once the bar will not change any more' CODEC(ZSTD(1)),
    source       LowCardinality(String) COMMENT 'venue: as the venue sent it' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(timestamp)
PARTITION BY toYYYYMM(open_time)
ORDER BY (venue, symbol, interval, price_type, source, open_time)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.bars AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    interval, price_type, open_time, open, high, low, close, volume, trades, vwap, is_closed, source
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
    venue         LowCardinality(String) CODEC(ZSTD(1)),
    symbol        LowCardinality(String) CODEC(ZSTD(1)),
    venue_symbol  LowCardinality(String) CODEC(ZSTD(1)),
    asset_class   LowCardinality(String) CODEC(ZSTD(1)),
    stream        LowCardinality(String) CODEC(ZSTD(1)),
    timestamp     DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    received_at   DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    sequence_id   UInt64 COMMENT '0 where the venue has none' CODEC(Delta, ZSTD(1)),
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
    venue       LowCardinality(String) CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') CODEC(Delta, ZSTD(1)),
    reason      String CODEC(ZSTD(1)),
    size        UInt64 COMMENT 'bytes of the frame' CODEC(ZSTD(1)),
    frame       String COMMENT 'the bytes as they came; not always UTF-8' CODEC(ZSTD(1)),
    frame_hash  UInt64 MATERIALIZED cityHash64(frame)
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
];
