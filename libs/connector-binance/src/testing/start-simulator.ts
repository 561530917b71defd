import { ConnectionRecord } from './connection-log.js';
import { DepthSnapshots } from './depth-snapshots.js';
import { ControlFaults } from './faults/control-faults.js';
import { DataFaults } from './faults/data-faults.js';
import { FaultSwitches } from './faults/fault-switches.js';
import { GeneratedMarket } from './market/generated-market.js';
import { type BinanceSimulatorOptions, settingsOf, type SimulatorSettings } from './options.js';
import { Publisher } from './publisher.js';
import { RestLimits } from './rest/rest-limits.js';
import { RestEndpoint } from './rest/rest-server.js';
import { RunningSimulator } from './running-simulator.js';
import { SentBook } from './sent-ledger.js';
import type { BinanceSimulator } from './simulator.js';
import { SimulatorServer } from './simulator-server.js';
import { Handshake } from './websocket/handshake.js';
import { TextTap } from './websocket/text-tap.js';
import { WebSocketEndpoint } from './websocket/websocket-server.js';
import { WireHistory } from './wire-history.js';

/**
 * Starts a venue on 127.0.0.1 that speaks Binance spot's WebSocket streams and REST interface, keeps its rules,
 * and knows what it sent.
 * @throws Error when the port is in use; RangeError when an option makes no sense.
 */
export async function startBinanceSimulator(
  options: BinanceSimulatorOptions = {},
): Promise<BinanceSimulator> {
  const settings = settingsOf(options);
  const { clock } = settings;
  const parts = { sent: new SentBook(), log: new ConnectionRecord(), history: new WireHistory() };
  const faults = { data: new DataFaults(), control: new ControlFaults() };
  const publisher = new Publisher(faults.data, parts.sent, clock);
  const market = generatedMarket(settings, publisher);
  const depth = new DepthSnapshots((symbol, limit) => market?.market(symbol)?.depth(limit));
  const handshake = new Handshake(settings.maxConnectionAttempts);
  const endpoint = new WebSocketEndpoint(
    publisher,
    handshake,
    { rules: settings, faults: faults.control, log: parts.log, clock },
    new TextTap(),
    settings.alwaysMilliseconds,
  );
  const limits = new RestLimits(settings.maxWeightPerMinute);
  const rest = restEndpoint(settings, limits, depth, market, parts.history);
  const server = new SimulatorServer(rest, endpoint, settings.port);
  const switches = new FaultSwitches({ ...faults, endpoint, handshake, limits, depth, server, clock });
  await server.listen();
  if (settings.market && !settings.market.paused) market?.start();
  return new RunningSimulator({
    ...parts,
    clock,
    market,
    depth,
    endpoint,
    publisher,
    rest,
    server,
    switches,
  });
}

function generatedMarket(settings: SimulatorSettings, publisher: Publisher): GeneratedMarket | undefined {
  const { market, instruments, clock } = settings;
  return market === false ? undefined : new GeneratedMarket(instruments, market, clock, publisher);
}

function restEndpoint(
  settings: SimulatorSettings,
  limits: RestLimits,
  depth: DepthSnapshots,
  market: GeneratedMarket | undefined,
  history: WireHistory,
): RestEndpoint {
  const { instruments, clock, maxWeightPerMinute: weightPerMinute } = settings;
  const historyOf = (symbol: string) => market?.market(symbol)?.history ?? history.of(symbol);
  const sources = { instruments, clock, weightPerMinute, depth, historyOf };
  return new RestEndpoint(sources, limits, settings.alwaysMilliseconds);
}
