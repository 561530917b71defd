-- Order books and their changes. Written to depth_raw; read from depth.
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
