import { startClickHouse } from '@autotrader/embedded-clickhouse';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { connect } from '../server/connection.js';
import { selectRows } from '../server/rows.js';
import { scratchServer } from '../testing/scratch-server.js';
import { exactSum } from './exact-sum.js';

const server = scratchServer(startClickHouse);

/** Sums of groups of numbers, as the server computes them. */
async function sumsOf(groups: readonly (readonly number[])[]): Promise<number[]> {
  const { client } = connect({ url: server.url, database: 'default' });
  const create =
    'CREATE OR REPLACE TABLE default.sums (place UInt32, x Float64) ENGINE = MergeTree ORDER BY place';
  await client.command({ query: create });
  const values = groups.flatMap((numbers, place) => numbers.map((x) => ({ place, x })));
  await client.insert({
    table: 'default.sums',
    values,
    format: 'JSONEachRow',
    clickhouse_settings: { precise_float_parsing: 1 },
  });
  const query = `
    SELECT ${exactSum('x')} AS sum FROM default.sums GROUP BY place ORDER BY place SETTINGS precise_float_parsing = 1`;
  const rows = await selectRows<{ sum: number }>(client, query);
  await client.close();
  return rows.map(({ sum }) => sum);
}

/** A number as `units` of 10^-places. */
interface Decimal {
  readonly units: number;
  readonly places: number;
}

const decimal = (most: number): fc.Arbitrary<Decimal> =>
  fc.record({ units: fc.integer({ min: 0, max: most }), places: fc.nat(12) });

const numberOf = ({ units, places }: Decimal): number => Number(`${units}e-${places}`);

/** By whole numbers, then the double nearest to it. */
function trueSum(decimals: readonly Decimal[]): number {
  const units = decimals.map((each) => BigInt(each.units) * 10n ** BigInt(12 - each.places));
  return Number(`${units.reduce((sum, each) => sum + each, 0n)}e-12`);
}

describe('the exact sum', () => {
  it.each([
    ['up to 15 digits', 999_999_999_999_999],
    ['of sizes as they are traded', 5_000_000],
  ])(
    'of decimals %s is the double nearest to the true sum',
    async (_, most) => {
      const groups = fc.sample(fc.array(decimal(most), { minLength: 1, maxLength: 60 }), {
        numRuns: 500,
        seed: 3,
      });
      expect(await sumsOf(groups.map((group) => group.map(numberOf)))).toEqual(groups.map(trueSum));
    },
    60_000,
  );

  it('prints what adding doubles does not', async () => {
    expect(0.1 + 0.2).not.toBe(0.3);
    expect(await sumsOf([[0.1, 0.2], Array.from({ length: 1000 }, () => 0.001), [1e-8, 90_000_000]])).toEqual(
      [0.3, 1, 90_000_000.00000001],
    );
  });

  it('of numbers beyond anything traded does not fail', async () => {
    const [huge, tiny] = await sumsOf([
      [1e300, 1],
      [5e-324, 2],
    ]);
    expect(huge).toBe(1e300);
    expect(tiny).toBe(2);
  });
});
