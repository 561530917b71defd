-- Ticks: trades and quotes. Written to tick_raw; read from tick.
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
