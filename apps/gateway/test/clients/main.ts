// The runs of real clients: `pnpm clients [part of a client's name] [--write]`. Exit 1 where one did not get what it must.
import { readFileSync, writeFileSync } from 'node:fs';
import { type Case, isAsExpected, nameOf, scenarios } from './case.ts';
import { commandLineCases } from './command-lines.ts';
import { sdkCases } from './sdks.ts';
import { openStage } from './stage.ts';

const TABLE = /<!-- table -->[\s\S]*<!-- \/table -->/;

interface Outcome {
  readonly tried: Case;
  readonly isGood: boolean;
}

const [cache = '', ...rest] = process.argv.slice(2);
const isWriting = rest.includes('--write');
const [part = ''] = rest.filter((argument) => !argument.startsWith('--'));

const cases = [...commandLineCases(cache), ...sdkCases(cache)].filter(({ client }) =>
  client.toLowerCase().includes(part.toLowerCase()),
);
const outcomes: Outcome[] = [];
const stage = await openStage();
try {
  for (const [index, tried] of cases.entries()) {
    const served =
      tried.scenario === 'spent'
        ? { ...(await stage.by(tried.kind)), key: (await stage.spent()).key }
        : await stage.by(tried.kind);
    stage.gateway.simulator.clearFaults();
    const startedAt = performance.now();
    const ran = await tried.run(served);
    const isGood = isAsExpected(tried, ran);
    outcomes.push({ tried, isGood });
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(
      `${index + 1}/${cases.length} ${isGood ? 'ok    ' : 'FAILED'} ${nameOf(tried)} (${seconds} s)`,
    );
    if (!isGood) console.log(`${ran.output.slice(-1500)}\n  ended with ${ran.code}`);
  }
} finally {
  await stage.close();
}
const bad = outcomes.filter(({ isGood }) => !isGood).length;
console.log(`\n${tableOf(outcomes)}\n\n${outcomes.length - bad} as they must be, ${bad} not`);
if (isWriting) {
  const file = new URL('../../../../docs/clients.md', import.meta.url);
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(TABLE, `<!-- table -->\n\n${tableOf(outcomes)}\n\n<!-- /table -->`));
}
process.exitCode = bad === 0 ? 0 : 1;

/** One row a client and account, its scenarios in one cell. */
function tableOf(all: readonly Outcome[]): string {
  const rows = new Map<string, string[]>();
  for (const { tried, isGood } of all) {
    const row = `${tried.client} | ${tried.kind}`;
    const said = `${scenarios[tried.scenario]}${tried.way === undefined ? '' : ` (${tried.way})`}`;
    rows.set(row, [...(rows.get(row) ?? []), isGood ? said : `**${said}: not as it must be**`]);
  }
  return [
    '| client | account | works |',
    '| --- | --- | --- |',
    ...[...rows].map(([row, cells]) => `| ${row} | ${[...new Set(cells)].join('; ')} |`),
  ].join('\n');
}
