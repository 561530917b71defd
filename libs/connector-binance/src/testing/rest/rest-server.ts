import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Micros } from '@autotrader/schemas';
import { timeUnitOf } from '../time-unit.js';
import { illegalCharacters, RestError } from './rest-error.js';
import type { RestLimits } from './rest-limits.js';
import { RestParameters } from './rest-parameters.js';
import { REST_ROUTES, type RestSources } from './rest-routes.js';

/** One REST request that came in, for asserting a client's manners. */
export interface RestRequest {
  readonly path: string;
  /** The query as it was sent, without the question mark. */
  readonly query: string;
  readonly status: number;
  /** When it was answered, in microseconds by the simulator's clock. */
  readonly at: Micros;
}

const REQUESTS_KEPT = 10_000;

/** Answers `/api/v3/*` as the venue does, weights and limits included. */
export class RestEndpoint {
  readonly requests: RestRequest[] = [];

  constructor(
    private readonly sources: RestSources,
    private readonly limits: RestLimits,
    private readonly alwaysMilliseconds: boolean,
  ) {}

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2);
    try {
      this.#send(response, 200, JSON.stringify(await this.#answer(path, query, request)), {});
    } catch (error) {
      if (!(error instanceof RestError)) throw error;
      this.#send(response, error.status, error.body, error.headers);
    }
    this.#note({ path, query, status: response.statusCode, at: this.sources.clock.now() });
  }

  #answer(path: string, query: string, request: IncomingMessage): unknown {
    const route = Object.hasOwn(REST_ROUTES, path) ? REST_ROUTES[path] : undefined;
    if (route === undefined || request.method !== 'GET') throw new RestError(404, -1000, 'No such endpoint.');
    const parameters = new RestParameters(new URLSearchParams(query));
    this.limits.admit(route.weight(parameters), this.sources.clock.now());
    const unit = timeUnitOf([request.headers['x-mbx-time-unit']].flat()[0]);
    if (unit === undefined) throw illegalCharacters('X-MBX-TIME-UNIT', 'MICROSECOND|MILLISECOND');
    return route.answer(parameters, this.sources, this.alwaysMilliseconds ? 'MILLISECOND' : unit);
  }

  #send(
    response: ServerResponse,
    status: number,
    body: string,
    headers: Readonly<Record<string, string>>,
  ): void {
    response.writeHead(status, {
      'Content-Type': 'application/json;charset=UTF-8',
      'X-MBX-USED-WEIGHT': String(this.limits.used),
      'X-MBX-USED-WEIGHT-1M': String(this.limits.used),
      ...headers,
    });
    response.end(body);
  }

  #note(request: RestRequest): void {
    this.requests.push(request);
    if (this.requests.length > REQUESTS_KEPT) this.requests.shift();
  }
}
