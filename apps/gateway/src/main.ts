// The gateway's process: reads the settings, then serves, or supervises the workers that do.
import cluster from 'node:cluster';
import { build } from './app.ts';
import { type Config, loadOwnConfig } from './config/index.ts';
import { printError } from './process/print.ts';
import { serve } from './process/serve.ts';
import { supervise } from './process/supervise.ts';

function readConfig(): Config {
  try {
    return loadOwnConfig();
  } catch (error) {
    printError(error);
    process.exit(1);
  }
}

const config = readConfig();
if (cluster.isPrimary && config.workers > 1) supervise(config);
else await serve(config, build);
