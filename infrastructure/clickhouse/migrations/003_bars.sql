-- Bars of open, high, low, close, volume. Written to bars_raw; read from bars.
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
