// What the books must say after a trial: nothing lost, nothing charged that was refused, the answer whole.
import type { RequestRow } from '@crs/shared';
import type { Client, Trial } from './case.ts';
import type { Asked } from './stage.ts';

/** What vendors sign a thought with; without it the thought is worth nothing to them. */
const SIGNED_THOUGHT = /"(?:signature|encrypted_content|thoughtSignature)":"[^"]{16,}"/;

/** Everything that is not as it must be, in words. */
export function mistakesIn(client: Client, trial: Trial, { statuses, rows, lastSent }: Asked): string[] {
  const last = rows.at(-1);
  const isAnswer = trial.succeeds && trial.scenario !== 'lists';
  return [
    ...(statuses.length === 0 ? ['nothing was asked'] : []),
    ...(trial.statuses !== undefined && trial.statuses.join() !== statuses.join()
      ? [`answered ${statuses.join()} in place of ${trial.statuses.join()}`]
      : []),
    ...(trial.endsWithoutStream === true && last?.stream !== false ? ['the last request was a stream'] : []),
    ...(isAnswer && !isWholeAnswer(client, trial, last) ? ['no answer on the books'] : []),
    ...(!trial.succeeds && last?.outcome === 'ok' ? ['an answer on the books'] : []),
    ...(trial.scenario === 'lists' && statuses.some((status) => status !== 200) ? ['not all told'] : []),
    ...(trial.scenario === 'thoughts' && !SIGNED_THOUGHT.test(lastSent)
      ? ['the thought did not come back to its vendor']
      : []),
    ...rowMistakes(trial, rows),
  ];
}

function isWholeAnswer({ dialects }: Client, { kind }: Trial, row: RequestRow | undefined): boolean {
  return (
    row?.outcome === 'ok' &&
    row.status === 200 &&
    row.kind === kind &&
    dialects.includes(row.dialect) &&
    row.usageSource === 'reported' &&
    row.usage.input > 0 &&
    row.usage.output > 0 &&
    row.costNanoUsd > 0
  );
}

/** What the first row must say of what happened. */
function rowMistakes({ scenario }: Trial, rows: readonly RequestRow[]): string[] {
  const [first] = rows;
  switch (scenario) {
    case 'wrongKey':
      return rows.length === 0 ? [] : ['an unknown key on the books'];
    case 'spent':
      return first !== undefined && rows.every(isFreeRefusal) ? [] : ['not refused for the budget'];
    case 'limited':
      return first?.status === 429 && first.costNanoUsd === 0 ? [] : ['no 429 at first'];
    case 'overloaded':
      return first?.errorCode === 'upstream_overloaded' && first.costNanoUsd === 0
        ? []
        : ['no overload at first'];
    case 'cut':
    case 'errorEvent':
      return first?.outcome === 'failed' && first.usageSource !== 'reported' && first.costNanoUsd > 0
        ? []
        : ['not charged for what came before it broke'];
    default:
      return rows.every(({ outcome }) => outcome === 'ok') ? [] : ['a failure on the books'];
  }
}

function isFreeRefusal({ status, outcome, errorCode, chargedNanoUsd }: RequestRow): boolean {
  return status === 402 && outcome === 'refused' && errorCode === 'budget_exceeded' && chargedNanoUsd === 0;
}

/** `429, 200`, `402 ×6`, `200 broken, 200`: what the client was answered, in short. */
export function storyOf({ statuses, rows }: Asked): string {
  const words =
    rows.length === 0
      ? statuses.map(String)
      : rows.map(({ status, outcome }) =>
          status === 200 && outcome === 'failed' ? '200 broken' : `${status}`,
        );
  const runs: { word: string; times: number }[] = [];
  for (const word of words) {
    const run = runs.at(-1);
    if (run?.word === word) run.times += 1;
    else runs.push({ word, times: 1 });
  }
  return runs.map(({ word, times }) => (times === 1 ? word : `${word} ×${times}`)).join(', ');
}
