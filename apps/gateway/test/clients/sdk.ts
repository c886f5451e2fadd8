// How an SDK is run: a small program in a process of its own, since the SDKs are installed elsewhere.
import { fileURLToPath } from 'node:url';
import type { Kind } from '../kinds.ts';
import { type Client, servedBy, type Scenario, type Trial, WEATHER_PROMPT } from './case.ts';
import { runProgram } from './program.ts';

const everything: readonly Scenario[] = ['text', 'stream', 'tool', 'toolStream'];

interface Sdk extends Pick<Client, 'name' | 'dialects'> {
  /** The program in `sdk-programs`, and which of its SDKs. */
  readonly program: string;
  readonly uses?: string;
  /** Of several clients that the SDK has. */
  readonly className?: string;
  readonly own: Kind;
  /** Other accounts that serve it, whole and by stream. */
  readonly others: readonly Kind[];
  /** Those of them on which it is tried with what breaks, too. */
  readonly brokenOn?: readonly Kind[];
  /** Accounts whose thoughts it brings back with the result of a tool. */
  readonly keepsThoughtsOf?: readonly Kind[];
  /** It asks again by itself where that may help. */
  readonly retries: boolean;
  /** It can list models. */
  readonly lists: boolean;
  /** It passes over an error that the vendor tells inside a stream, and takes the answer for whole. */
  readonly missesErrorEvents?: true;
}

export function sdkClient({
  program,
  uses,
  className,
  own,
  others,
  brokenOn = [],
  keepsThoughtsOf = [],
  retries,
  lists,
  missesErrorEvents,
  ...client
}: Sdk): Client {
  const broken = (kind: Kind): Trial[] => [
    { scenario: 'limited', kind, succeeds: retries },
    { scenario: 'overloaded', kind, succeeds: retries },
    { scenario: 'cut', kind, succeeds: false, statuses: [200] },
    ...(missesErrorEvents === true && kind === own
      ? []
      : [{ scenario: 'errorEvent', kind, succeeds: false, statuses: [200] } as const]),
  ];
  return {
    ...client,
    toolPrompt: WEATHER_PROMPT,
    shown: (text) => new RegExp(`"text":"${text}"`),
    trials: [
      ...servedBy([own], [...everything, ...(lists ? (['lists'] as const) : [])]),
      { scenario: 'wrongKey', kind: own, succeeds: false, statuses: [401] },
      { scenario: 'spent', kind: own, succeeds: false, statuses: [402] },
      ...[own, ...brokenOn].flatMap(broken),
      ...servedBy(others, everything),
      ...servedBy(keepsThoughtsOf, ['thoughts']),
    ],
    run: (order) => runSdk(program, { ...order, uses, className }),
  };
}

export function runSdk(
  program: string,
  order: object,
  env: Readonly<Record<string, string>> = {},
): ReturnType<Client['run']> {
  const path = fileURLToPath(new URL(`./sdk-programs/${program}.mjs`, import.meta.url));
  return runProgram({ command: process.execPath, args: [path, JSON.stringify(order)], env });
}
