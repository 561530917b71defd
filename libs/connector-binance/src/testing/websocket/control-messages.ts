/** What the venue answers, and what changes by it. */
export interface ControlOutcome {
  readonly reply: string;
  readonly subscribe?: readonly string[];
  readonly unsubscribe?: readonly string[];
  readonly isCombined?: boolean;
}

/** What a control message is judged by. */
export interface ControlState {
  readonly streams: ReadonlySet<string>;
  readonly isCombined: boolean;
  readonly maxStreams: number;
}

interface Request {
  readonly method: string;
  readonly params: readonly unknown[] | undefined;
  /** As JSON text: an id may be a 64-bit integer, which a number would not hold. */
  readonly id: string;
}

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'];
const CODE = { unknownProperty: 0, invalidType: 1, invalidRequest: 2, invalidJson: 3 };

class ControlError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly id?: string,
  ) {
    super(message);
  }
}

/**
 * Answers one control message.
 * https://developers.binance.com/docs/binance-spot-api-docs/web-socket-streams#live-subscribingunsubscribing-to-streams
 */
export function answerControl(text: string, state: ControlState): ControlOutcome {
  try {
    return carryOut(requestOf(text), state);
  } catch (error) {
    if (error instanceof ControlError) return { reply: errorReply(error.code, error.message, error.id) };
    throw error;
  }
}

/** An error, flat as the venue writes it; only some carry the id. */
export function errorReply(code: number, msg: string, id?: string): string {
  const error = JSON.stringify({ code, msg });
  return id === undefined ? error : `${error.slice(0, -1)},"id":${id}}`;
}

function carryOut(request: Request, state: ControlState): ControlOutcome {
  const { method, id } = request;
  const done = `{"result":null,"id":${id}}`;
  switch (method) {
    case 'SUBSCRIBE':
      return { reply: done, subscribe: newStreams(request, state) };
    case 'UNSUBSCRIBE':
      return { reply: done, unsubscribe: streamsOf(request) };
    case 'LIST_SUBSCRIPTIONS':
      return { reply: `{"result":${JSON.stringify([...state.streams])},"id":${id}}` };
    case 'SET_PROPERTY':
      return { reply: done, isCombined: newCombined(request) };
    default:
      propertyOf(request, 1);
      return { reply: `{"result":${state.isCombined},"id":${id}}` };
  }
}

function requestOf(text: string): Request {
  const message = parseJson(text);
  const where = `at line 1 column ${text.length}`;
  if (typeof message !== 'object' || message === null || Array.isArray(message))
    throw invalid(`not an object ${where}`);
  const { method, params, id } = message as Record<string, unknown>;
  if (method === undefined) throw invalid(`missing field \`method\` ${where}`);
  if (typeof method !== 'string' || !METHODS.includes(method)) {
    const variants = METHODS.map((each) => `\`${each}\``).join(', ');
    const variant = typeof method === 'string' ? method : JSON.stringify(method);
    throw invalid(`unknown variant \`${variant}\`, expected one of ${variants} ${where}`);
  }
  if (!isId(id)) throw invalid('request ID must be an unsigned integer');
  if (params !== undefined && !Array.isArray(params)) throw invalid(`params must be a sequence ${where}`);
  return { method, params, id: idText(text, id) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ControlError(CODE.invalidJson, 'Invalid JSON: expected value at line 1 column 1');
  }
}

function isId(id: unknown): id is number | string | null {
  return id === null || Number.isInteger(id) || (typeof id === 'string' && /^[A-Za-z0-9_-]{1,36}$/.test(id));
}

function idText(text: string, id: number | string | null): string {
  const digits = typeof id === 'number' ? /"id"\s*:\s*(-?\d+)/.exec(text)?.[1] : undefined;
  return digits ?? JSON.stringify(id);
}

function newStreams(request: Request, { streams, maxStreams }: ControlState): readonly string[] {
  const added = streamsOf(request);
  if (new Set([...streams, ...added]).size > maxStreams)
    throw invalid(`too many streams, the limit is ${maxStreams} a connection`, request.id);
  return added;
}

function streamsOf({ params, id }: Request): readonly string[] {
  const isNames = params?.every((name): name is string => typeof name === 'string') ?? false;
  if (!isNames || params?.length === 0) throw invalid('params must be stream names', id);
  return params as readonly string[];
}

function newCombined(request: Request): boolean {
  const value = propertyOf(request, 2)[1];
  if (typeof value !== 'boolean')
    throw new ControlError(CODE.invalidType, 'Invalid value type: expected Boolean');
  return value;
}

function propertyOf({ params = [], id }: Request, arity: number): readonly unknown[] {
  if (typeof params[0] !== 'string') throw invalid('property name must be a string');
  if (params.length > arity) throw invalid('too many parameters');
  if (params[0] !== 'combined') throw new ControlError(CODE.unknownProperty, 'Unknown property', id);
  return params;
}

function invalid(what: string, id?: string): ControlError {
  return new ControlError(CODE.invalidRequest, `Invalid request: ${what}`, id);
}
