-- Order books and their changes. Written to depth_raw; read from depth. Identity and copies as for ticks.
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
