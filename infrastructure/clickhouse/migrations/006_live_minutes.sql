-- The minutes of live ticks, there with the tick itself. Read from bars_1m.
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
