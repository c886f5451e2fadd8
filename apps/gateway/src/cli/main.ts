#!/usr/bin/env node
// The operator's command line: `crs`. Thin over the modules; exit 0 only on success.
import { loadOwnConfig } from '../config/index.ts';
import { runCli } from './program.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  loadConfig: loadOwnConfig,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});
