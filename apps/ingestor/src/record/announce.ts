import type { ConnectorStatus, MarketDataConnector, Source } from '@autotrader/connector-core';
import { formatMicros, type Gap } from '@autotrader/schemas';
import type { Logger } from 'pino';

const FIRST_BAD_FRAMES = 10;

/** Says in the log, one plain line each, what a person running the recorder should know of a connector. */
export function announce(venue: string, connector: MarketDataConnector, log: Logger): void {
  let wasLive = false;
  connector.on('status', (status) => {
    if (status.type === 'live') wasLive = true;
    say(venue, status, wasLive, log);
  });
  connector.on('gap', (gap) => log.warn(`${venue}: ${gapLine(gap)}`));
  let badFrames = 0;
  connector.on('error', (error) => {
    if (error.kind !== 'parse') return log.error(`${venue}: ${error.message}`);
    badFrames++;
    if (badFrames > FIRST_BAD_FRAMES) return;
    const more =
      badFrames === FIRST_BAD_FRAMES ? '; further ones are only counted (quarantined_frames_total)' : '';
    log.warn(`${venue}: a frame went to quarantine: ${error.message}${more}`);
  });
}

function say(venue: string, status: ConnectorStatus, wasLive: boolean, log: Logger): void {
  switch (status.type) {
    case 'connecting':
      return log.info(`${venue}: connecting to ${status.url}`);
    case 'live':
      return log.info(`${venue}: live, ${status.streams} streams`);
    case 'reconnecting': {
      const demo = wasLive || status.tries > 1 ? '' : '. Without a network, `npm run demo` shows everything';
      return log.warn(`${venue}: ${status.reason}; next try in ${seconds(status.retryInMs)} s${demo}`);
    }
    case 'interrupted':
      return log.warn(`${venue}: ${status.streams} streams are cut off: ${status.reason}`);
    case 'degraded':
      return log.warn(`${venue}: ${name(status.source)}: ${status.reason}`);
    case 'rollover':
      return log.info(`${venue}: moving to a new connection: ${status.reason}`);
    case 'stale':
      return log.warn(
        `${venue}: ${name(status.source)} has been silent for ${seconds(status.silentForMs)} s`,
      );
    case 'recovered':
      return log.info(`${venue}: ${name(status.source)} speaks again`);
    case 'precision_loss':
      return log.warn(
        `${venue}: ${name(status.source)} sends numbers of more than 15 digits (${status.text}), kept as the nearest double`,
      );
    case 'back_pressure':
      return status.isPaused
        ? log.warn(`${venue}: storage is behind, reading is paused`)
        : log.info(`${venue}: storage has caught up, reading goes on`);
    case 'stopped':
      return log.info(`${venue}: stopped, everything is flushed`);
  }
}

function gapLine(gap: Gap): string {
  const { fromSequence, toSequence } = gap;
  const ids =
    fromSequence === undefined || toSequence === undefined ? '' : ` ids ${fromSequence} to ${toSequence},`;
  const times = `${formatMicros(gap.fromTime)} to ${formatMicros(gap.toTime)}`;
  return `${gap.healedAt === undefined ? 'gap' : 'gap healed'} in ${name(gap)}:${ids} ${times} (${gap.cause})`;
}

function name({ symbol, stream }: Pick<Source, 'symbol' | 'stream'>): string {
  return `${symbol} ${stream}`;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(1);
}
