// How an SDK is run: a small program in a process of its own, since the SDKs are installed elsewhere.
import { fileURLToPath } from 'node:url';
import type { Kind } from '../kinds.ts';
import { type Client, servedBy, type Scenario, type Trial, WEATHER_PROMPT } from './case.ts';
import { runProgram } from './program.ts';

const everything: readonly Scenario[] = ['text', 'stream', 'tool', 'toolStream'];

interface Sdk extends Pick<Client, 'name' | 'dialects' | 'overload'> {
  /** The program in `sdk-programs`, and which of its SDKs. */
  readonly program: string;
  readonly uses?: string;
  /** Of several clients that the SDK has. */
  readonly className?: string;
  readonly own: Kind;
  /** Other accounts that serve it, whole and by stream. */
  readonly others: readonly Kind[];
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
  retries,
  lists,
  missesErrorEvents,
  ...client
}: Sdk): Client {
  const broken: Trial[] = [
    { scenario: 'wrongKey', kind: own, succeeds: false, statuses: [401] },
    { scenario: 'spent', kind: own, succeeds: false, statuses: [402] },
    { scenario: 'limited', kind: own, succeeds: retries },
    { scenario: 'overloaded', kind: own, succeeds: retries },
    { scenario: 'cut', kind: own, succeeds: false, statuses: [200] },
    ...(missesErrorEvents === true
      ? []
      : [{ scenario: 'errorEvent', kind: own, succeeds: false, statuses: [200] } as const]),
  ];
  return {
    ...client,
    toolPrompt: WEATHER_PROMPT,
    shown: (text) => new RegExp(`"text":"${text}"`),
    trials: [
      ...servedBy([own], [...everything, ...(lists ? (['lists'] as const) : [])]),
      ...broken,
      ...servedBy(others, everything),
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
