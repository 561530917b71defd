import { Command } from 'commander';
import { loadSecrets, runCommand, userPath, withDotEnv } from '@autotrader/runtime';
import { loadConfig } from './config/load.js';
import { createLog } from './log.js';
import { SECRET_NAMES } from './config/secrets.js';
import { serve } from './serve.js';
import { StatusLine } from './status-line.js';

const program = new Command('ingestor')
  .description(
    'Records live market data into ClickHouse until Ctrl-C; what is buffered then is stored first.\n' +
      'The live page is at http://127.0.0.1:8000, metrics at /metrics, health at /health/live and /health/ready.',
  )
  .option(
    '--config <file>',
    'YAML file, see docs/configuration.md; without it: trades and the top 20 levels of Binance BTCUSDT and ETHUSDT, ' +
      'into a ClickHouse of its own in ./data',
  )
  .addHelpText(
    'after',
    '\nExamples:\n' +
      '  npx nx run ingestor:serve\n' +
      '  npx nx run ingestor:serve -- --config ingestor.yaml\n' +
      'Without a network, `npm run demo` shows everything.',
  )
  .action(({ config: file }: { config?: string }) =>
    runCommand(async (signal) => {
      const config = loadConfig(file === undefined ? undefined : userPath(file));
      const statusLine = new StatusLine();
      const secrets = await loadSecrets(SECRET_NAMES, withDotEnv(userPath('.'), process.env));
      await serve(config, { log: createLog(config.logLevel, statusLine), statusLine, secrets }, signal);
      return 0;
    }),
  );

await program.parseAsync();
