#!/usr/bin/env node
// The program `crs-upstream-simulator`: one line of JSON when it listens, the rest over HTTP.
import { parseArgs } from 'node:util';
import { startSimulator } from './simulator.ts';

const HELP = `crs-upstream-simulator: plays the vendors' APIs on this machine

  --port N      port to listen on, 0 for a free one (default 0)
  --host H      address to listen on (default 127.0.0.1)
  --key K       accept only this key or token; may be repeated (default: any)
  --pace-ms N   pause between the pieces of a stream (default 0)
  --token-seconds N   how long the access tokens of logins last (default: as the vendor has it)
  --help        this text

Prints {"url":"http://…"} when it listens. Requests, counters and faults: GET /_simulator/requests,
GET /_simulator/stats, GET|POST|DELETE /_simulator/faults, POST /_simulator/reset.`;

const MAX_PORT = 65_535;

interface Arguments {
  port: number;
  host: string;
  keys: string[] | undefined;
  paceMs: number;
  tokenSeconds: number | undefined;
}

function readArguments(): Arguments | null {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '0' },
      host: { type: 'string', default: '127.0.0.1' },
      key: { type: 'string', multiple: true },
      'pace-ms': { type: 'string', default: '0' },
      'token-seconds': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  const seconds = values['token-seconds'];
  return {
    port: wholeNumber('--port', values.port, MAX_PORT),
    host: values.host,
    keys: values.key,
    paceMs: wholeNumber('--pace-ms', values['pace-ms'], 60_000),
    tokenSeconds: seconds === undefined ? undefined : wholeNumber('--token-seconds', seconds, 31_536_000),
  };
}

function wholeNumber(name: string, value: string, max: number): number {
  const number = Number(value);
  if (!/^\d+$/u.test(value) || number > max) throw new Error(`${name} takes a whole number up to ${max}`);
  return number;
}

async function main(): Promise<void> {
  const options = readArguments();
  if (options === null) {
    console.log(HELP);
    return;
  }
  const { keys, tokenSeconds, ...rest } = options;
  const simulator = await startSimulator({
    ...rest,
    ...(keys === undefined ? {} : { keys }),
    ...(tokenSeconds === undefined ? {} : { tokenLifetimeSeconds: tokenSeconds }),
  });
  const stop = (): void => {
    void simulator.close().then(() => process.exit(0));
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  console.log(JSON.stringify({ url: simulator.url }));
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
