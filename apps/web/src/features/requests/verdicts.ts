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
  ['dialect', /^does not speak (?<value>.+)$/],
  ['model', /^does not serve (?<value>.+)$/],
  ['notListed', /^(?<value>\S+) is not in its models$/],
  ['service', /^the key may not use (?<value>.+)$/],
  ['client', /^serves only (?<value>.+), not .+$/],
] as const satisfies readonly (readonly [string, RegExp])[];

export type VerdictName = (typeof patterns)[number][0];

/** Null for words that are not the router's own, such as an account's reason to rest. */
export function readVerdict(reason: string): { name: VerdictName; value: string } | null {
  for (const [name, pattern] of patterns) {
    const match = pattern.exec(reason);
    if (match !== null) return { name, value: match.groups?.['value'] ?? '' };
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
