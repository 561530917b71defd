import { cell, count, duration, mebibytes, setText } from './text.js';

const STATES = { live: 'live', silent: 'silent', paused: 'paused', away: 'not connected' };
const states = new Map();

/** Shows how the venues stand, a row each. */
export function showConnectors(connectors) {
  const rows = connectors.map((connector) => {
    const row = document.createElement('tr');
    row.dataset.venue = connector.venue;
    row.dataset.state = connector.state;
    const { latencyMs } = connector;
    row.append(
      cell(connector.venue, '', 'th'),
      stateCell(connector),
      cell(`${connector.liveStreams}/${connector.streams}`, 'number'),
      cell(count(connector.eventsPerSecond), 'number'),
      cell(latencyMs === null ? '–' : duration(latencyMs.median), 'number'),
      cell(latencyMs === null ? '–' : duration(latencyMs.p99), 'number'),
      cell(count(connector.events), 'number'),
      cell(gapsText(connector), 'number'),
      cell(count(connector.reconnects), 'number'),
      cell(count(connector.quarantined), 'number'),
    );
    return row;
  });
  document.querySelector('#connectors tbody').replaceChildren(...rows);
  announce(connectors);
}

/** Shows how the storage stands. */
export function showStorage(storage) {
  const element = document.getElementById('storage-state');
  const problem = storage === null ? 'ClickHouse is not there yet' : storage.problem;
  element.className = problem === '' ? 'live' : 'problem';
  setText('storage-state', problem === '' ? 'storing' : problem);
  if (storage === null) return;
  setText('storage-rows', count(storage.stored));
  setText('storage-lag', duration(storage.lagMs));
  setText('storage-spool', `${mebibytes(storage.spoolBytes)} of ${mebibytes(storage.spoolLimitBytes)}`);
}

/** One line that says it all. */
export function showSummary({ connectors, startedAt, at }) {
  const rate = connectors.reduce((sum, { eventsPerSecond }) => sum + eventsPerSecond, 0);
  const away = connectors.filter(({ state }) => state === 'away').map(({ venue }) => venue);
  const how = away.length === 0 ? 'every venue is connected' : `${away.join(', ')} not connected`;
  const minutes = Math.floor((at - startedAt) / 60_000);
  setText(
    'summary',
    `${count(rate)} events/s · ${how} · up ${Math.floor(minutes / 60)} h ${minutes % 60} min`,
  );
  document.title = away.length === 0 ? 'autotrader' : `⚠ ${away.join(', ')} · autotrader`;
}

function stateCell({ state, reason, silentStreams }) {
  const text = state === 'silent' ? `${silentStreams} silent` : STATES[state];
  const element = cell(text, state);
  if (reason !== '') {
    const why = document.createElement('span');
    why.className = 'reason';
    why.textContent = `: ${reason}`;
    element.append(why);
  }
  return element;
}

function gapsText({ gaps, openGaps }) {
  return openGaps === gaps ? count(gaps) : `${count(gaps)} (${count(openGaps)} open)`;
}

/** For who does not see the colours: what has changed, once. */
function announce(connectors) {
  const changes = connectors
    .filter(({ venue, state }) => states.has(venue) && states.get(venue) !== state)
    .map(({ venue, state }) => `${venue} is ${STATES[state]}`);
  for (const { venue, state } of connectors) states.set(venue, state);
  if (changes.length > 0) setText('announcement', changes.join('. '));
}
