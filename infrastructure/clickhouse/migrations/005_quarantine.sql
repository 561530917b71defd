-- Frames that are not what the venue documents, with their bytes. Written to quarantine_raw; read from quarantine.
-- frame_hash keeps the key small and lets the same frame, seen again in a replay, become one row.
CREATE TABLE IF NOT EXISTS {database}.quarantine_raw
(
    venue       LowCardinality(String) COMMENT 'in capitals: BINANCE' CODEC(ZSTD(1)),
    received_at DateTime64(6, 'UTC') COMMENT 'our clock when it came off the socket' CODEC(Delta, ZSTD(1)),
    reason      String COMMENT 'why it is none, in one line' CODEC(ZSTD(1)),
    size        UInt64 COMMENT 'bytes of the frame' CODEC(ZSTD(1)),
    frame       String COMMENT 'the bytes as they came; not always UTF-8' CODEC(ZSTD(1)),
    frame_hash  UInt64 MATERIALIZED cityHash64(frame) COMMENT 'keeps the key small' CODEC(ZSTD(1))
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(received_at)
ORDER BY (venue, received_at, frame_hash)
SETTINGS non_replicated_deduplication_window = 100000, fsync_after_insert = 1, fsync_part_directory = 1;

CREATE VIEW IF NOT EXISTS {database}.quarantine AS
SELECT venue, received_at, reason, size, frame
FROM {database}.quarantine_raw FINAL;
