-- Ticks: trades and quotes. Written to tick_raw; read from tick.
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
