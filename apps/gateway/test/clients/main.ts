// The runs of real clients: `pnpm clients [part of a client's name]... [--write]`. Exit 1 where one did not go as it must.
import { readFileSync, writeFileSync } from 'node:fs';
import { nameOf } from './case.ts';
import { clients } from './index.ts';
import { play, type Played } from './play.ts';
import { tablesOf } from './report.ts';
import { openStage } from './stage.ts';

// What was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));

const TABLES = /(<!-- tables -->\n)[\s\S]*(\n<!-- \/tables -->)/;

const [cache = '', ...rest] = process.argv.slice(2);
const isWriting = rest.includes('--write');
const parts = rest.filter((argument) => !argument.startsWith('--')).map((part) => part.toLowerCase());
if (isWriting && parts.length > 0) throw new Error('--write is for all clients: the tables are one run');

const chosen = clients.filter(
  ({ name }) => parts.length === 0 || parts.some((part) => name.toLowerCase().includes(part)),
);
if (chosen.length === 0) throw new Error(`no client has ${parts.join(' or ')} in its name`);
const total = chosen.reduce((sum, { trials }) => sum + trials.length, 0);
const played: Played[] = [];
const stage = await openStage();
try {
  for (const client of chosen) {
    for (const trial of client.trials) {
      const one = await play(stage, cache, client, trial);
      played.push(one);
      const verdict = one.mistakes.length === 0 ? 'ok    ' : 'FAILED';
      console.log(
        `${played.length}/${total} ${verdict} ${nameOf(client, trial)}: ${one.story} (${one.seconds.toFixed(1)} s)`,
      );
      if (one.mistakes.length > 0) console.log(`  ${one.mistakes.join('\n  ')}\n${one.output.slice(-1500)}`);
    }
  }
} finally {
  await stage.close();
}

const bad = played.filter(({ mistakes }) => mistakes.length > 0).length;
console.log(`\n${tablesOf(played)}\n\n${played.length - bad} went as they must, ${bad} did not`);
if (isWriting) {
  const file = new URL('../../../../docs/clients.md', import.meta.url);
  const tables = tablesOf(played);
  writeFileSync(
    file,
    readFileSync(file, 'utf8').replace(
      TABLES,
      (_all, begin: string, end: string) => `${begin}\n${tables}\n${end}`,
    ),
  );
}
process.exitCode = bad === 0 ? 0 : 1;
