#!/usr/bin/env node
// The operator's command line: `crs`. Thin over the modules; exit 0 only on success.
import { createInterface } from 'node:readline/promises';
import { loadOwnConfig } from '../config/index.ts';
import { runCli } from './program.ts';

process.exitCode = await runCli(process.argv.slice(2), {
  loadConfig: loadOwnConfig,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  ask: process.stdin.isTTY && process.stdout.isTTY ? ask : null,
});

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}
