// Owns the reading of the decision record: what the router said of each account, and the rule that decided. Pure.
import type { RequestDetail } from '@crs/shared';

const patterns = [
  ['sticky', /^sticky session$/],
  ['stickyElsewhere', /^another account has the session$/],
  ['stickySoon', /^another account has the session, and is back at once$/],
  ['only', /^the only one at this priority$/],
  ['lessUsed', /^drawn by weight, the less used of two$/],
  ['lessBusy', /^drawn by weight, the less busy of two$/],
  ['moreUsed', /^drawn, but was used more lately$/],
  ['farBusier', /^drawn, but is far busier$/],
  ['notDrawn', /^not drawn this time$/],
  ['lowerPriority', /^lower priority$/],
  ['tried', /^tried: (?<value>.+)$/s],
  ['full', /^as many requests running as it allows$/],
  ['probed', /^another request is trying whether it is back$/],
  ['off', /^switched off$/],
  ['expired', /^expired$/],
  ['boundElsewhere', /^the key is bound to other accounts$/],
  ['boundOnly', /^is only for keys that are bound to it$/],
  ['address', /^the address asks for (?<service>.+)$/],
  ['operation', /^has no (?<operation>\S+) for (?<dialect>\S+) clients$/],
  ['notSayable', /^cannot be asked for (?<value>.+)$/],
  ['tokenEnded', /^its token has ended and could not be renewed$/],
  ['tokenRefused', /^its token was refused and could not be renewed$/],
  ['model', /^does not serve (?<value>.+)$/],
  ['notListed', /^(?<value>\S+) is not in its models$/],
  ['noDeployment', /^there is no deployment of (?<value>.+)$/],
  ['notOfVendor', /^(?<value>.+) is not a model of OpenAI; another host needs its base URL$/],
  ['noOpus', /^a free subscription has no Opus$/],
  ['newerOpus', /^a pro subscription has Opus (?<value>[\d.]+) and later only$/],
  ['service', /^the key may not use (?<service>.+)$/],
  ['client', /^serves only (?<clients>.+), not .+$/],
] as const satisfies readonly (readonly [string, RegExp])[];

type VerdictName = (typeof patterns)[number][0];

export interface Verdict {
  name: VerdictName;
  /** What the sentence names, as the gateway writes it. */
  values: Readonly<Record<string, string>>;
}

/** Null for words that are not the router's own, such as an account's reason to rest. */
export function readVerdict(reason: string): Verdict | null {
  for (const [name, pattern] of patterns) {
    const match = pattern.exec(reason);
    if (match !== null) return { name, values: { ...match.groups } };
  }
  return null;
}

/** What decided. */
export type Rule = 'probe' | 'sticky' | 'only' | 'lessUsed' | 'lessBusy';

/** The rule by which the last account was chosen; null where none was, or where the record does not say. */
export function ruleOf({ decision, timeline }: Pick<RequestDetail, 'decision' | 'timeline'>): Rule | null {
  const chosen = decision.candidates.find(({ accountId }) => accountId === decision.chosen);
  if (chosen === undefined) return null;
  const lastChoice = timeline.findLastIndex(({ event }) => event === 'routed');
  if (timeline.slice(Math.max(0, lastChoice)).some(({ event }) => event === 'probes')) return 'probe';
  const name = readVerdict(chosen.reason)?.name;
  return name === 'sticky' || name === 'only' || name === 'lessUsed' || name === 'lessBusy' ? name : null;
}
