import { setTimeout as delay } from 'node:timers/promises';
import type { CollectorProcess } from './collector-process.js';
import type { Database } from './database.js';
import { type FaultProxy, LINK_FAULTS, type LinkFault } from './fault-proxy.js';
import type { Random } from './random.js';
import type { SmallDisk } from './small-disk.js';

/** What can go wrong. */
export type FaultKind = 'kill collector' | 'kill ClickHouse' | 'disk full' | 'venue cut' | LinkFault;

/** What faults happen to. */
export interface Pipeline {
  /** All on the same symbols; of several, one at least always runs. */
  readonly collectors: readonly CollectorProcess[];
  readonly database: Database;
  readonly link: FaultProxy;
  readonly disk: SmallDisk;
  readonly cutVenue: () => void;
}

/** When the faults end: after so many, or so long, whichever is first. */
export interface FaultLimits {
  readonly seconds: number;
  readonly faults: number;
}

/** Weights: what is cheap and what is the point comes more often. */
const KINDS: readonly FaultKind[] = [
  ...(['kill collector', 'kill collector', 'kill collector', 'kill collector'] as const),
  ...(['kill ClickHouse', 'disk full', 'venue cut', 'venue cut'] as const),
  ...LINK_FAULTS,
  ...LINK_FAULTS,
];
const MOST_AT_ONCE = 3;
const LONGEST_PAUSE_MS = 900;
const LINK_WITHIN_MS = 6_000;

/** Makes things go wrong, several at a time, by chance as a seed decides. */
export class Faults {
  /** How often each happened. */
  readonly counts = new Map<FaultKind, number>();
  readonly #underWay = new Map<FaultKind, Promise<void>>();

  constructor(
    private readonly pipeline: Pipeline,
    private readonly random: Random,
    private readonly say: (line: string) => void,
  ) {
    for (const kind of KINDS) this.counts.set(kind, 0);
  }

  get total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Resolves when the last one is over and everything is mended. */
  async run({ seconds, faults }: FaultLimits): Promise<void> {
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end && this.total + this.#underWay.size < faults) {
      this.#begin(this.random.of(KINDS));
      await delay(this.random.between(0, LONGEST_PAUSE_MS));
      while (this.#underWay.size >= MOST_AT_ONCE) await Promise.race(this.#underWay.values());
      if (this.total + this.#underWay.size >= faults) await Promise.all(this.#underWay.values());
    }
    await Promise.all(this.#underWay.values());
    this.pipeline.disk.clear();
  }

  /** One of a kind at a time. */
  #begin(kind: FaultKind): void {
    if (this.#underWay.has(kind)) return;
    const fault = this.#happen(kind).then((happened) => {
      this.#underWay.delete(kind);
      if (happened) this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      if (happened) this.say(`fault ${this.total}: ${kind}`);
    });
    this.#underWay.set(kind, fault);
  }

  /** @returns whether it did; an insert that should meet one may not come. */
  async #happen(kind: FaultKind): Promise<boolean> {
    const { collectors, database, link, disk, cutVenue } = this.pipeline;
    switch (kind) {
      case 'kill collector':
        return this.#killCollector(this.random.of(collectors));
      case 'kill ClickHouse':
        await database.kill(this.random.between(0, 1_500));
        return true;
      case 'disk full':
        if (!disk.isOwn) return false;
        disk.fill();
        await delay(this.random.between(300, 2_500));
        disk.clear();
        return true;
      case 'venue cut':
        // What no collector hears is in no table but gap; of several, one is always to hear it.
        if (collectors.length > 1 || collectors[0]?.isLive !== true) return false;
        cutVenue();
        return true;
      case 'cut before':
      case 'cut within':
      case 'cut after':
      case 'stall':
        return link.arm(kind, LINK_WITHIN_MS);
    }
  }

  async #killCollector(victim: CollectorProcess): Promise<boolean> {
    const others = this.pipeline.collectors.filter((one) => one !== victim);
    // Mostly once it works, now and then while it is beginning.
    if (this.random.next() < 0.8) await until(() => victim.isLive, 10_000);
    // Its memory dies with it: the others must have been listening when it heard what is in there.
    if (!(await until(() => others.every(({ isLive }) => isLive), 10_000))) return false;
    const listeningSince = Date.now();
    if (others.length > 0 && !(await until(() => victim.acceptedUntil > listeningSince, 10_000)))
      return false;
    await delay(this.random.between(0, 700));
    victim.kill();
    return true;
  }
}

/** Whether it came to be within so long. */
export async function until(
  isSo: () => boolean | Promise<boolean>,
  withinMs: number,
  everyMs = 50,
): Promise<boolean> {
  for (const end = performance.now() + withinMs; performance.now() < end; await delay(everyMs))
    if (await isSo()) return true;
  return isSo();
}
