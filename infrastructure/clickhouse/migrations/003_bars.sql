-- Bars of open, high, low, close, volume. Written to bars_raw; read from bars.
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
