// The tables of what was played, as `docs/clients.md` has them.
import { type Scenario, scenarios, titleOf } from './case.ts';
import type { Played } from './play.ts';

const faults: readonly Scenario[] = ['wrongKey', 'spent', 'limited', 'overloaded', 'cut', 'errorEvent'];

export function tablesOf(played: readonly Played[]): string {
  const served = played.filter(({ trial }) => !faults.includes(trial.scenario));
  const faulty = played.filter(({ trial }) => faults.includes(trial.scenario));
  return `${servedTable(served)}\n\n${faultTable(faulty)}`;
}

/** A row for each client and kind of account, with all it was served. */
function servedTable(played: readonly Played[]): string {
  const rows = Map.groupBy(played, ({ client, trial }) => `${client.name} | \`${trial.kind}\``);
  return [
    '| client | account | served |',
    '| --- | --- | --- |',
    ...[...rows].map(([row, all]) => {
      const titles = all.map(({ trial: { scenario, way }, mistakes }) =>
        marked(titleOf({ scenario, way }), mistakes),
      );
      return `| ${row} | ${titles.join(', ')} |`;
    }),
  ].join('\n');
}

/** A row for each client, its way and kind of account, a column for each fault. */
function faultTable(played: readonly Played[]): string {
  const rows = Map.groupBy(
    played,
    ({ client, trial: { way, kind } }) =>
      `${way === undefined ? client.name : `${client.name} (${way})`} | \`${kind}\``,
  );
  return [
    `| client | account | ${faults.map((fault) => scenarios[fault]).join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(faults.length)}`,
    ...[...rows].map(
      ([name, all]) => `| ${name} | ${faults.map((fault) => cellOf(all, fault)).join(' | ')} |`,
    ),
  ].join('\n');
}

function cellOf(all: readonly Played[], fault: Scenario): string {
  const found = all.find(({ trial }) => trial.scenario === fault);
  if (found === undefined) return '';
  const { story, trial, mistakes } = found;
  return marked(`${story}: ${trial.succeeds ? 'answered' : 'tells it'}`, mistakes);
}

function marked(text: string, mistakes: readonly string[]): string {
  return mistakes.length === 0 ? text : `**${text}, but not as it must be**`;
}
