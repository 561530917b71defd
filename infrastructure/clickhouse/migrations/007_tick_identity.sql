-- Ticks of venues without ids (IBKR), and what a venue says of a tick. content_id is part of the key: where times are of
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
