import { assertAgreement } from './normalise/agreement.mjs';
import { ccxtContenders } from './normalise/ccxt.mjs';
import { tardisContenders } from './normalise/tardis.mjs';
import { ourNormalisers } from './ours.mjs';
import { peers } from './peers.mjs';
import { readRecording } from './recordings.mjs';
import { sideBySide } from './rounds.mjs';
import { figure, fasterThan } from './rows.mjs';

const UNIT = 'frames/s';

/** Frames as the socket hands them out -> parsed, validated, normalised events; one thread, the peers in the same process. */
export async function run({ projectRoot, recordings, rounds, progress }) {
  const { frames, snapshots } = readRecording(recordings);
  const { normal, jsonLane } = await ourNormalisers(projectRoot);
  const installed = peers(progress);
  const tardis = tardisContenders(installed, snapshots);
  const ccxt = await ccxtContenders(installed, snapshots);
  progress(`comparing the events of ${frames.length} frames`);
  assertAgreement(frames, normal, tardis, ccxt);
  assertAgreement(frames, jsonLane, tardis, ccxt);

  const emitted = { count: 0 };
  const emit = () => void emitted.count++;
  const contenders = {
    ours: { open: (items) => ours(normal, items, emit) },
    jsonLane: { open: (items) => ours(jsonLane, items, emit) },
    tardis: { open: (items) => tardis.plainLoop(items, emit) },
    tardisAsUsed: { open: (items) => tardis.asUsed(items, emit) },
    ccxt: { open: (items) => ccxt.dispatcher(items) },
    ccxtAsUsed: { open: (items) => ccxt.asUsed(items) },
    json: { open: (items) => parseOnly(items, emit) },
  };
  const rate = await sideBySide(contenders, workloads(frames), { rounds, progress });
  return { rows: rows(rate, installed.versions), details: byStream(rate, frames) };
}

function ours(open, frames, emit) {
  const normaliser = open();
  return () => {
    for (const { bytes, receivedAt } of frames) normaliser.read(bytes, receivedAt, emit);
  };
}

function parseOnly(frames, emit) {
  return () => {
    for (const { bytes } of frames) emit(JSON.parse(bytes.toString()));
  };
}

const STREAMS = ['trade', 'bookTicker', 'depth'];

function workloads(frames) {
  const ofStream = (stream) => frames.filter(({ kind }) => kind === stream);
  return { all: frames, ...Object.fromEntries(STREAMS.map((stream) => [stream, ofStream(stream)])) };
}

// aims are held against the form of a peer that flatters it: without its asynchronous generators, without its socket
function rows(rate, versions) {
  const mine = rate('ours', 'all');
  const against = (measure, name, times) => fasterThan(measure, rate(name, 'all'), UNIT, mine, times);
  return [
    figure('autotrader: parse, validate, normalise', mine, UNIT),
    against(`tardis-dev ${versions['tardis-dev']}: parse and its mappers`, 'tardis', 2),
    against('tardis-dev: its whole loop, as used', 'tardisAsUsed'),
    against(`ccxt pro ${versions.ccxt}: parse and its handlers`, 'ccxt', 4),
    against('ccxt pro: its socket callback, as used', 'ccxtAsUsed'),
    against('JSON.parse alone', 'json'),
    figure('autotrader: frames of unknown layout (JSON and schemas)', rate('jsonLane', 'all'), UNIT),
  ];
}

function byStream(rate, frames) {
  const thousands = (name, stream) => `${Math.round(rate(name, stream) / 1000).toLocaleString('en-US')}k`;
  const lines = STREAMS.map((stream) => {
    const count = frames.filter(({ kind }) => kind === stream).length.toLocaleString('en-US');
    return `| ${stream} | ${count} | ${['ours', 'jsonLane', 'tardis', 'ccxt', 'json'].map((name) => thousands(name, stream)).join(' | ')} |`;
  });
  const header =
    '| normalise, frames/s by stream | frames | autotrader | its JSON lane | tardis-dev | ccxt pro | JSON.parse alone |';
  return [header, '|---|--:|--:|--:|--:|--:|--:|', ...lines].join('\n');
}
