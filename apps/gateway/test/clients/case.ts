// What is tried with a client.
import type { Kind } from '../kinds.ts';
import type { Ran } from './program.ts';
import type { Served } from './stage.ts';

/** What the client is asked for, or what happens to it. */
export const scenarios = {
  text: 'answer',
  tool: 'tool turn',
  wrongKey: '401',
  spent: '402',
  limited: '429 once',
  overloaded: '529 once',
  cut: 'stream cut once',
  errorEvent: 'error event once',
  other: 'models, counts',
} as const;
export type Scenario = keyof typeof scenarios;

export interface Case {
  readonly client: string;
  readonly scenario: Scenario;
  /** Says more than the scenario where a client has several ways. */
  readonly way?: string;
  readonly kind: Kind;
  readonly run: (served: Served) => Promise<Ran>;
  /** What must be in what it printed. */
  readonly shows: RegExp;
  /** It must end with success; null: however it likes. */
  readonly succeeds: boolean | null;
}

/** Prompts that steer the simulator, the same for every client. */
export const prompts = {
  text: 'Reply with the word relay',
  limited: '[[fault:status=429,retryAfter=1,times=1]] Reply with the word relay',
  overloaded: '[[fault:status=529,times=1]] Reply with the word relay',
  cut: '[[deltas:6]] [[tokens:30]] [[fault:cut=5,times=1]] Reply with the word relay',
  errorEvent: '[[fault:errorEvent=4,errorType=overloaded_error,times=1]] Reply with the word relay',
} as const;

export function isAsExpected({ shows, succeeds }: Case, { code, output }: Ran): boolean {
  return shows.test(output) && (succeeds === null || succeeds === (code === 0));
}

export function nameOf({ client, scenario, kind, way }: Case): string {
  return `${client}, ${scenarios[scenario]}${way === undefined ? '' : ` (${way})`}, served by ${kind}`;
}
