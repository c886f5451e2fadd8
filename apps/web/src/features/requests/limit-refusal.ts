// Owns the reading of a refusal by a limit: which limit, how much of it is used, when it frees. The gateway tells it in
// one sentence, the same to the client and in the timeline. Pure.
import { usdToNano } from '@crs/shared';

type Unit = 'usd' | 'tokens' | 'requests';
type Every = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total';

export interface LimitRefusal {
  owner: 'key' | 'user';
  unit: Unit;
  every: Every;
  count: number;
  models: string | null;
  /** Figures in the unit; money in nano-USD. */
  max: number;
  used: number;
  held: number;
  needed: number | null;
  /** ISO time; null where none is told. */
  resetsAt: string | null;
  /** It needs more than all of the limit. */
  isTooLarge: boolean;
}

const amount = String.raw`(?:USD [\d.]+|\d+ (?:token|request)s?)`;
const sentence = new RegExp(
  [
    `^(?<owner>This relay key|The user of this relay key) allows (?<max>${amount}) `,
    String.raw`(?:per (?<every>\w+)|in (?<count>\d+) (?<units>\w+?)s|in (?<total>total))`,
    `(?: for the models (?<models>.+?))?: (?<used>${amount}) used`,
    `(?:, (?<held>${amount}) reserved by running requests)?`,
    `(?:, and this request needs up to (?<needed>${amount}))?`,
    String.raw`\. (?<rest>.*)$`,
  ].join(''),
  's',
);
const spans = ['minute', 'hour', 'day', 'week', 'month', 'total'] as const satisfies readonly Every[];

/** Null for every other refusal. */
export function readLimitRefusal(words: string): LimitRefusal | null {
  const groups = sentence.exec(words)?.groups;
  if (groups === undefined) return null;
  const every = spans.find((span) => span === (groups['total'] ?? groups['units'] ?? groups['every'] ?? ''));
  const max = groups['max'] ?? '';
  if (every === undefined) return null;
  const rest = groups['rest'] ?? '';
  return {
    owner: groups['owner'] === 'This relay key' ? 'key' : 'user',
    unit: max.startsWith('USD') ? 'usd' : max.includes('token') ? 'tokens' : 'requests',
    every,
    count: Number(groups['count'] ?? 1),
    models: groups['models'] ?? null,
    max: figure(max),
    used: figure(groups['used']),
    held: figure(groups['held']),
    needed: groups['needed'] === undefined ? null : figure(groups['needed']),
    resetsAt: /\d{4}-\d\d-\d\dT[\d:.]+Z/.exec(rest)?.[0] ?? null,
    isTooLarge: rest.startsWith('That is more than all of it'),
  };
}

function figure(text: string | undefined): number {
  if (text === undefined) return 0;
  return text.startsWith('USD ') ? Number(usdToNano(text.slice(4))) : Number.parseInt(text, 10);
}
