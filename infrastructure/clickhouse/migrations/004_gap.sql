-- What is known to be missing. Written to gap_raw; read from gap.
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
