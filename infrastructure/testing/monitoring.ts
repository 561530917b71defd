import { readdir, readFile, writeFile, mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '@autotrader/runtime/testing';
import { ServerProcess } from './server-process.js';

const PROMETHEUS = new URL('../prometheus/', import.meta.url);

/** What Alertmanager tells whoever it wakes. */
export interface Alert {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/**
 * A real Prometheus and a real Alertmanager with our own files, which look every second, wait for nothing, and wake us. Rules are
 * ours to the letter but for what `change` makes of them.
 */
export class Monitoring {
  /** What came to the receivers, oldest first. */
  readonly alerts: Alert[] = [];
  readonly #closers: (() => Promise<unknown>)[] = [];
  #url = '';

  private constructor(private readonly folder: string) {}

  /** @param targets by job: `host:port`. */
  static async start(
    folder: string,
    targets: Readonly<Record<string, string>>,
    change: (rules: string) => string = (rules) => rules,
  ): Promise<Monitoring> {
    const monitoring = new Monitoring(folder);
    try {
      const alertmanager = await monitoring.#startAlertmanager();
      await monitoring.#startPrometheus(targets, alertmanager, change);
      return monitoring;
    } catch (error) {
      await monitoring.stop();
      throw error;
    }
  }

  /** Asks Prometheus; the samples of now. @throws Error when it does not understand the question. */
  async query(promql: string): Promise<Sample[]> {
    const answer = await fetch(`${this.#url}/api/v1/query?query=${encodeURIComponent(promql)}`);
    const { status, error, data } = (await answer.json()) as {
      status: string;
      error?: string;
      data: { result: Sample[] };
    };
    if (status !== 'success') throw new Error(`${promql}: ${error ?? status}`);
    return data.result;
  }

  async stop(): Promise<void> {
    for (const close of this.#closers.splice(0).reverse()) await close();
  }

  async #startAlertmanager(): Promise<string> {
    const receiver = await this.#receive();
    const port = await freePort();
    const config = (await readFile(new URL('alertmanager.yml', PROMETHEUS), 'utf8'))
      .replaceAll('http://localhost:9095', receiver)
      .replaceAll(/group_wait: \w+/g, 'group_wait: 0s')
      .replaceAll(/group_interval: \w+/g, 'group_interval: 1s');
    await writeFile(join(this.folder, 'alertmanager.yml'), config);
    const process = new ServerProcess(
      'prometheus-alertmanager',
      [
        ...[
          `--config.file=${join(this.folder, 'alertmanager.yml')}`,
          `--storage.path=${join(this.folder, 'alerts')}`,
        ],
        ...[`--web.listen-address=127.0.0.1:${port}`, '--cluster.listen-address='],
      ],
      this.folder,
    );
    this.#closers.push(() => process.stop());
    await process.answering(`http://127.0.0.1:${port}/-/ready`);
    return `127.0.0.1:${port}`;
  }

  async #startPrometheus(
    targets: Readonly<Record<string, string>>,
    alertmanager: string,
    change: (rules: string) => string,
  ): Promise<void> {
    const rules = new URL('rules/', PROMETHEUS);
    await mkdir(join(this.folder, 'rules'));
    for (const name of await readdir(rules)) {
      const text = await readFile(new URL(name, rules), 'utf8');
      await writeFile(join(this.folder, 'rules', name), change(text));
    }
    const jobs = Object.entries(targets).map(([name, target]) => ({
      job_name: name,
      static_configs: [{ targets: [target] }],
    }));
    const config = {
      global: { scrape_interval: '1s', scrape_timeout: '1s', evaluation_interval: '1s' },
      rule_files: ['rules/*.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: [alertmanager] }] }] },
      scrape_configs: jobs,
    };
    // JSON is YAML.
    await writeFile(join(this.folder, 'prometheus.yml'), JSON.stringify(config));
    const port = await freePort();
    const process = new ServerProcess(
      'prometheus',
      [
        ...[
          `--config.file=${join(this.folder, 'prometheus.yml')}`,
          `--storage.tsdb.path=${join(this.folder, 'series')}`,
        ],
        ...[`--web.listen-address=127.0.0.1:${port}`, '--rules.alert.resend-delay=1s'],
      ],
      this.folder,
    );
    this.#closers.push(() => process.stop());
    this.#url = `http://127.0.0.1:${port}`;
    await process.answering(`${this.#url}/-/ready`);
  }

  /** The receivers of alertmanager.yml. */
  async #receive(): Promise<string> {
    const server: Server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const { alerts } = JSON.parse(body) as { alerts: Alert[] };
        this.alerts.push(...alerts);
        response.end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#closers.push(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
}
