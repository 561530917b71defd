import { describe, expect, it } from '@jest/globals';

/**
 * Why the bar of the greatest version has seen every tick: a model of keepers at work on one bar, run through
 * every order in which their steps can happen. A keeper's steps are those of {@link BarKeeper}, after its insert.
 */
const STEPS = ['insert', 'version', 'read', 'write'] as const;

interface Keeper {
  readonly name: number;
  step: number;
  version: number;
  seen: ReadonlySet<number>;
}

interface Model {
  readonly keepers: readonly Keeper[];
  readonly ticks: ReadonlySet<number>;
  readonly bar: { readonly version: number; readonly seen: ReadonlySet<number> };
  readonly clock: number;
}

/** What the model does when a keeper takes its next step. */
type TakeVersion = (model: Model) => number;

function startOf(count: number): Model {
  const keepers = Array.from({ length: count }, (_, name) => ({
    name,
    step: 0,
    version: 0,
    seen: new Set<number>(),
  }));
  return { keepers, ticks: new Set(), bar: { version: 0, seen: new Set() }, clock: 1 };
}

function advance(model: Model, index: number, takeVersion: TakeVersion): Model {
  const keepers = model.keepers.map((keeper) => ({ ...keeper }));
  const keeper = keepers[index];
  if (keeper === undefined) throw new RangeError('no such keeper');
  let { ticks, bar } = model;
  const step = STEPS[keeper.step++];
  if (step === 'insert') ticks = new Set([...ticks, keeper.name]);
  else if (step === 'version') keeper.version = takeVersion(model);
  else if (step === 'read') keeper.seen = ticks;
  else if (keeper.version >= bar.version) bar = { version: keeper.version, seen: keeper.seen };
  return { keepers, ticks, bar, clock: model.clock + 1 };
}

/** Every end that keepers can come to; `crashes` of them forget where they were once, and begin anew after the insert. */
function* endsOf(model: Model, takeVersion: TakeVersion, crashes: number): Generator<Model> {
  const running = model.keepers.flatMap(({ step }, index) => (step < STEPS.length ? [index] : []));
  if (running.length === 0) yield model;
  for (const index of running) {
    yield* endsOf(advance(model, index, takeVersion), takeVersion, crashes);
    if (crashes > 0 && (model.keepers[index]?.step ?? 0) > 1)
      yield* endsOf(restarted(model, index), takeVersion, crashes - 1);
  }
}

function restarted(model: Model, index: number): Model {
  const keepers = model.keepers.map((keeper, each) => (each === index ? { ...keeper, step: 1 } : keeper));
  return { ...model, keepers };
}

/** How many ends there are, and in how many of them the bar lacks a tick. */
function outcomes(
  keepers: number,
  crashes: number,
  takeVersion: TakeVersion,
): { ends: number; wrong: number } {
  let [ends, wrong] = [0, 0];
  for (const { bar } of endsOf(startOf(keepers), takeVersion, crashes)) {
    ends++;
    if (bar.seen.size < keepers) wrong++;
  }
  return { ends, wrong };
}

const clockOfTheServer: TakeVersion = ({ clock }) => clock;

describe('the version of a bar', () => {
  it('taken after the insert and before the read makes the bar of the greatest one complete, in every order of three keepers', () => {
    expect(outcomes(3, 0, clockOfTheServer)).toEqual({ ends: 34_650, wrong: 0 });
  });

  it('does so, too, when a keeper is killed at any step and begins anew', () => {
    expect(outcomes(2, 2, clockOfTheServer)).toMatchObject({ wrong: 0 });
  });

  it('is more than that of a bar that was stored before the clock of the server was set back', () => {
    const inTurn = [0, 0, 0, 0, 1, 1, 1, 1];
    const setBack = ({ clock }: Model): number => (clock > 4 ? clock - 100 : clock);
    const end = (takeVersion: TakeVersion): Model =>
      inTurn.reduce((model, index) => advance(model, index, takeVersion), startOf(2));
    expect(end((model) => Math.max(setBack(model), model.bar.version + 1)).bar.seen.size).toBe(2);
    expect(end(setBack).bar.seen.size).toBe(1);
  });

  it('is needed: if the bar that is written last stood, some would lack ticks', () => {
    const late = outcomes(2, 0, () => 0);
    expect(late.wrong).toBeGreaterThan(0);
  });
});
