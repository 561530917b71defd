import { type Secrets, userPath } from '@autotrader/runtime';
import type { ExportFormat } from '@autotrader/storage-clickhouse';
import type { Registry } from 'prom-client';
import { type DatasetUse, Environment } from './environment.js';
import { exportDays } from './export/export.js';
import { MetricsFile } from './metrics/metrics-file.js';
import { backfillRegistry } from './metrics/registry.js';
import { RunMetrics } from './metrics/run-metrics.js';
import { createDataset, type VenueName } from './options/create-dataset.js';
import { type BackfillRequest, rangeOf, requestOf } from './options/request.js';
import type { Settings } from './options/settings.js';
import { planSymbol } from './run/plan.js';
import { runBackfill, type RunResult } from './run/run.js';
import { createProgress, type Progress } from './show/progress.js';
import { cacheText, planText, resultText } from './show/tables.js';
import { countText } from './show/text.js';
import { statusText } from './status/status.js';
import { verifiedText } from './verify/text.js';
import { noteHoles, reopenHoles, type Verified, verify } from './verify/verify.js';

/** What a command is given. */
export interface CommandContext {
  readonly settings: Settings;
  readonly secrets: Secrets;
  readonly signal: AbortSignal;
  /** Takes what the command has to tell: its standard output. */
  readonly print: (text: string) => void;
  readonly progress?: Progress;
}

const CONCURRENCY = 4;
const LEASE_SECONDS = 60;
const PROGRESS_FILES = 100;

/** Fetches what is not there yet. @returns the exit code: 0 when all of it is there. */
export async function run(venue: VenueName, context: CommandContext, onlyFailed = false): Promise<number> {
  const request = checked(venue, context, 'fetch');
  return within(context, async (environment, progress, registry) => {
    const dataset = environment.dataset(venue, context.secrets, 'fetch');
    const started = performance.now();
    const result = await measured(venue, context, registry, (metrics) =>
      runBackfill(
        {
          ...{ storage: environment.storage, ledger: environment.ledger, dataset },
          say: (line) => progress.say(line),
          onProgress: (tallies) => {
            progress.update(tallies);
            metrics.update(tallies);
          },
        },
        request,
        { ...paceOf(context.settings), onlyFailed },
        context.signal,
      ),
    );
    progress.stop();
    context.print(resultText(result, (performance.now() - started) / 1_000, environment.cache));
    return isComplete(result) ? 0 : 1;
  });
}

/** What would be done. */
export async function plan(venue: VenueName, context: CommandContext): Promise<number> {
  const request = checked(venue, context, 'look');
  return within(context, async (environment) => {
    const { ledger } = environment;
    const dataset = environment.dataset(venue, context.secrets, 'look');
    const plans = [];
    for (const symbol of request.symbols) {
      const instrument = await dataset.instrument(symbol, context.signal);
      const range = rangeOf(request, dataset, instrument);
      plans.push(await planSymbol(ledger, { dataset, instrument, range, shard: request.shard }));
    }
    context.print(planText(plans, (requests) => dataset.secondsFor(requests)));
    return 0;
  });
}

/** What the ledger has. */
export async function status(context: CommandContext): Promise<number> {
  return within(context, async ({ storage, cache }) => {
    context.print(await statusText(storage));
    if (cache !== undefined) context.print(cacheText(cache));
    return 0;
  });
}

/** Looks for what is missing. @returns 0 when nothing is. */
export async function verifyAll(
  venue: VenueName,
  context: CommandContext,
  { repair, days }: { readonly repair: boolean; readonly days: boolean },
): Promise<number> {
  const request = checked(venue, context, repair ? 'fetch' : 'look');
  return within(context, async (environment, progress) => {
    const dataset = environment.dataset(venue, context.secrets, repair ? 'fetch anew' : 'look');
    const parts = { storage: environment.storage, ledger: environment.ledger, dataset };
    const look = async (): Promise<Verified[]> => {
      const all: Verified[] = [];
      for (const symbol of request.symbols) {
        const instrument = await dataset.instrument(symbol, context.signal);
        all.push(await verify(parts, instrument, rangeOf(request, dataset, instrument)));
      }
      for (const each of all) await noteHoles(parts, each);
      return all;
    };
    let found = await look();
    if (repair && found.some(({ holes }) => holes.length > 0)) {
      context.print(verifiedText(found, days));
      for (const each of found) await reopenHoles(parts, each);
      const say = (line: string): void => progress.say(line);
      const onProgress: Progress['update'] = (tallies) => progress.update(tallies);
      await runBackfill({ ...parts, say, onProgress }, request, paceOf(context.settings), context.signal);
      progress.stop();
      found = await look();
    }
    context.print(verifiedText(found, days));
    return found.every(({ holes }) => holes.length === 0) ? 0 : 1;
  });
}

/** Writes what is stored into files. */
export async function exportAll(
  venue: VenueName,
  context: CommandContext,
  { format, out }: { readonly format: ExportFormat; readonly out: string },
): Promise<number> {
  const request = checked(venue, context, 'look');
  return within(context, async (environment, progress) => {
    const dataset = environment.dataset(venue, context.secrets, 'look');
    let [files, rows] = [0, 0];
    for (const symbol of request.symbols) {
      const instrument = await dataset.instrument(symbol, context.signal);
      const range = rangeOf(request, dataset, instrument);
      const wanted = { dataset, instrument, range, format, out };
      for await (const file of exportDays(environment.storage, wanted, context.signal)) {
        files++;
        rows += file.rows;
        if (files % PROGRESS_FILES === 0) progress.say(`${countText(files, 'file')}, last ${file.path}`);
      }
    }
    context.print(`${countText(rows, 'row')} in ${countText(files, 'file')} under ${out}`);
    if (context.signal.aborted) context.print('stopped before the end: the same command writes all of it');
    return files > 0 && !context.signal.aborted ? 0 : 1;
  });
}

/** What is wanted; what is wrong with it is said before anything is opened. @throws UserError. */
function checked(venue: VenueName, { settings, secrets }: CommandContext, use: DatasetUse): BackfillRequest {
  const nobody = (): void => undefined;
  createDataset(venue, settings, {
    cache: undefined,
    secrets,
    isAsked: use !== 'look',
    onRetry: nobody,
    onNotice: nobody,
  });
  return requestOf(settings, Date.now() * 1_000);
}

/** Tells of a run in the file of metrics, where one is named. */
async function measured<Result>(
  venue: VenueName,
  { settings }: CommandContext,
  registry: Registry,
  work: (metrics: RunMetrics) => Promise<Result>,
): Promise<Result> {
  const metrics = new RunMetrics(registry, venue.toUpperCase());
  metrics.update([]);
  const { metricsFile } = settings;
  const file =
    metricsFile === undefined ? undefined : await MetricsFile.open(userPath(metricsFile), registry);
  try {
    return await work(metrics);
  } finally {
    metrics.end();
    await file?.close();
  }
}

async function within(
  context: CommandContext,
  work: (environment: Environment, progress: Progress, registry: Registry) => Promise<number>,
): Promise<number> {
  const progress = context.progress ?? createProgress();
  const registry = backfillRegistry();
  try {
    const environment = await Environment.open(
      context.settings,
      context.secrets,
      registry,
      (line) => progress.say(line),
      context.signal,
    );
    try {
      return await work(environment, progress, registry);
    } finally {
      await environment.close();
    }
  } finally {
    progress.stop();
  }
}

function paceOf({ concurrency = CONCURRENCY, leaseSeconds = LEASE_SECONDS }: Settings): {
  concurrency: number;
  leaseMs: number;
} {
  return { concurrency, leaseMs: leaseSeconds * 1_000 };
}

function isComplete({ tallies, wasStopped, refusal }: RunResult): boolean {
  return !wasStopped && refusal === undefined && tallies.every(({ failed }) => failed === 0);
}
