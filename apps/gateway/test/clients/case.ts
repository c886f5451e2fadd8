// What is tried with a client: the scenarios, the prompts that bring them about, what the client must show then.
import type { Kind } from '../kinds.ts';
import type { Ran } from './program.ts';

/** What the client is asked for, or what happens to it. */
export const scenarios = {
  text: 'text',
  stream: 'streamed text',
  tool: 'tools',
  toolStream: 'streamed tools',
  thoughts: 'thoughts kept',
  lists: 'models, counts',
  wrongKey: '401',
  spent: '402',
  limited: '429',
  overloaded: '529 or 503',
  cut: 'cut stream',
  errorEvent: 'error in a stream',
} as const;
export type Scenario = keyof typeof scenarios;

export interface Trial {
  readonly scenario: Scenario;
  /** Of the only account that may serve it. */
  readonly kind: Kind;
  /** Where the client has several ways. */
  readonly way?: string;
  /** What it asks for, when that is another vendor's: the account maps it to its own. */
  readonly asksFor?: string;
  /** False: the client ends with the error, and tells what the gateway said of it. */
  readonly succeeds: boolean;
  /** The only statuses that the gateway answered, in their order. */
  readonly statuses?: readonly number[];
  /** The last request that it sent wanted no stream. */
  readonly endsWithoutStream?: boolean;
}

/** Where a client finds the gateway, and what it says there. */
interface Order extends Trial {
  readonly url: string;
  readonly key: string;
  readonly model: string;
  readonly prompt: string;
  /** The folder that the clients are installed in. */
  readonly cache: string;
}

export interface Client {
  readonly name: string;
  /** Those that its requests are in. */
  readonly dialects: readonly string[];
  /** Brings a tool into play that the client has. */
  readonly toolPrompt: string;
  /** How an answer of this text looks in what the client prints. */
  readonly shown: (text: string) => RegExp;
  /** What it prints of models and counts, in place of the word that the programs here use. */
  readonly shownLists?: RegExp;
  readonly trials: readonly Trial[];
  readonly run: (order: Order) => Promise<Ran>;
}

/** The prompt itself must not show what the command prints. */
export const SHELL_PROMPT = '[[bash:printf answer-%s 42]]';
export const WEATHER_PROMPT = '[[tool:get_weather {"city":"Bern"}]]';
const SAY = 'Reply with the word relay';

/** What each vendor answers while it has too much to do. */
const overloads: Readonly<Record<Kind, 503 | 529>> = {
  claude: 529,
  'claude-console': 529,
  ccr: 529,
  bedrock: 503,
  gemini: 503,
  'gemini-api': 503,
  openai: 503,
  'openai-responses': 503,
  'azure-openai': 503,
  codex: 503,
};

export function promptOf({ toolPrompt }: Client, { scenario, kind }: Trial): string {
  const failing = (fault: string): string => `[[deltas:6]] [[fault:${fault},times=1]] ${SAY}`;
  switch (scenario) {
    case 'tool':
    case 'toolStream':
      return toolPrompt;
    case 'thoughts':
      return `[[think:it is about a number]] ${toolPrompt}`;
    case 'limited':
      return failing('status=429,retryAfter=1');
    case 'overloaded':
      return failing(`status=${overloads[kind]}`);
    case 'cut':
      return failing('cut=5');
    case 'errorEvent':
      return failing('errorEvent=5');
    default:
      return SAY;
  }
}

const toolTurns: ReadonlySet<Scenario> = new Set(['tool', 'toolStream', 'thoughts']);

/** What the gateway says of each, to be found in what the client prints. */
const told: Partial<Record<Scenario, RegExp>> = {
  wrongKey: /not known here/,
  spent: /allows USD/,
  limited: /resting/,
  overloaded: /overloaded|unavailable/i,
  cut: /broke off|terminated|Incomplete JSON/,
  errorEvent: /overloaded|error/i,
};

export function mustShow({ shown, shownLists = /listed/ }: Client, { scenario, succeeds }: Trial): RegExp {
  if (!succeeds) return told[scenario] ?? /error/i;
  if (scenario === 'lists') return shownLists;
  return toolTurns.has(scenario) ? /answer-42/ : shown('relay');
}

export function nameOf({ name }: Client, { scenario, kind, way }: Trial): string {
  return `${name}: ${titleOf({ scenario, way })}, served by ${kind}`;
}

export function titleOf({ scenario, way }: { scenario: Scenario; way: string | undefined }): string {
  return way === undefined ? scenarios[scenario] : `${scenarios[scenario]} (${way})`;
}

/** What every client is tried with on accounts that are not its vendor's. */
export function servedBy(kinds: readonly Kind[], wanted: readonly Scenario[]): Trial[] {
  return kinds.flatMap((kind) => wanted.map((scenario) => ({ scenario, kind, succeeds: true })));
}

/** The same for a client that was not told of another model: the accounts have one in its place. */
export function standingIn(asksFor: string, kinds: readonly Kind[], wanted: readonly Scenario[]): Trial[] {
  return servedBy(kinds, wanted).map((trial) => ({ ...trial, asksFor, way: `as ${asksFor}` }));
}

/** What happens to one that asks again by itself, on accounts of any vendor. */
export function survivedOn(kinds: readonly Kind[]): Trial[] {
  return servedBy(kinds, ['limited', 'overloaded', 'cut', 'errorEvent']);
}
