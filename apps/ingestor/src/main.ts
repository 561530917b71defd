import { Command } from 'commander';
import { loadConfig } from './config/load.js';
import { userPath } from './invocation.js';
import { createLog } from './log.js';
import { runCommand } from './run-command.js';
import { serve } from './serve.js';
import { StatusLine } from './status-line.js';

const program = new Command('ingestor')
  .description('Records live market data into ClickHouse until Ctrl-C.')
  .option('--config <file>', 'YAML file; without it: Binance BTCUSDT and ETHUSDT into ./data')
  .action(({ config: file }: { config?: string }) =>
    runCommand(async (signal) => {
      const config = loadConfig(file === undefined ? undefined : userPath(file));
      const statusLine = new StatusLine();
      await serve(config, { log: createLog(config.logLevel, statusLine), statusLine }, signal);
      return 0;
    }),
  );

await program.parseAsync();
