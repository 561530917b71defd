-- History: bars as if later splits had been then, beside those as traded; holes that a back-fill found; and its ledger.
ALTER TABLE {database}.bars_raw ADD COLUMN IF NOT EXISTS adjustment LowCardinality(String) COMMENT 'SPLITS: as if later splits had been then; empty: as traded' CODEC(ZSTD(1)) AFTER is_closed, MODIFY ORDER BY (venue, symbol, interval, price_type, source, open_time, adjustment);

DROP VIEW IF EXISTS {database}.bars;

CREATE VIEW IF NOT EXISTS {database}.bars AS
SELECT
    venue, symbol, venue_symbol, asset_class, stream, timestamp, received_at, sequence_id,
    interval, price_type, open_time, open, high, low, close, volume, trades, vwap,
    CAST(if(source = 'ticks', open_time + toIntervalSecond(transform(interval, ['1m', '5m', '15m', '1h', '1d'], [60, 300, 900, 3600, 86400], 0)) <= now64(6, 'UTC'), is_closed), 'Bool') AS is_closed,
    adjustment, source
FROM {database}.bars_raw FINAL;

ALTER TABLE {database}.gap_raw MODIFY COLUMN IF EXISTS cause LowCardinality(String) COMMENT 'SEQUENCE, DISCONNECT, SEQUENCE_RESET, BACKFILL' CODEC(ZSTD(1));

-- What a back-fill is to fetch, and how far it is: a row for each change of a task; the row of the greatest version stands.
-- Of workers that want one task at once, one has it: the row of an attempt is inserted once, by its token.
CREATE TABLE IF NOT EXISTS {database}.backfill_task_raw
(
    dataset      LowCardinality(String) COMMENT 'what is fetched: dukascopy ticks, polygon 1d SPLITS' CODEC(ZSTD(1)),
    venue        LowCardinality(String) COMMENT 'in capitals: DUKASCOPY' CODEC(ZSTD(1)),
    symbol       LowCardinality(String) COMMENT 'canonical: EUR/USD, AAPL; * for a whole market' CODEC(ZSTD(1)),
    venue_symbol LowCardinality(String) COMMENT 'as the venue writes it: EURUSD' CODEC(ZSTD(1)),
    from_time    DateTime64(6, 'UTC') COMMENT 'first moment of the time it is about' CODEC(Delta, ZSTD(1)),
    to_time      DateTime64(6, 'UTC') COMMENT 'first moment after it' CODEC(Delta, ZSTD(1)),
    state        LowCardinality(String) COMMENT 'pending, running, done, empty, failed' CODEC(ZSTD(1)),
    attempt      UInt32 COMMENT 'how often it was begun' CODEC(ZSTD(1)),
    rows         UInt64 COMMENT 'rows that were stored; of state done' CODEC(ZSTD(1)),
    checksum     String COMMENT 'SHA-256 of what was fetched, in hex; empty where the venue has nothing' CODEC(ZSTD(1)),
    source       LowCardinality(String) COMMENT 'the way it came: bi5, jetta, rest' CODEC(ZSTD(1)),
    reason       String COMMENT 'why it failed, or is not over, in one line' CODEC(ZSTD(1)),
    worker       LowCardinality(String) COMMENT 'who has it, or had it last' CODEC(ZSTD(1)),
    lease_until  DateTime64(6, 'UTC') COMMENT 'of state running: until then nobody else begins it' CODEC(Delta, ZSTD(1)),
    changed_at   DateTime64(6, 'UTC') DEFAULT now64(6, 'UTC') COMMENT 'clock of the server when it was so' CODEC(Delta, ZSTD(1)),
    version      UInt64 COMMENT 'grows with each change: attempt, and within it the stage' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (dataset, venue, symbol, from_time, to_time)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.backfill_task AS
SELECT
    dataset, venue, symbol, venue_symbol, from_time, to_time, state, attempt, rows, checksum, source, reason, worker,
    lease_until, changed_at
FROM {database}.backfill_task_raw FINAL;
