// `pnpm chaos`: plays the runs one after the other and ends with the table of what was promised and what was found.
import { parseArgs } from 'node:util';
import { seededRandom } from './random.ts';
import type { Run, Sizes, Verdict } from './run.ts';
import { runs } from './runs/index.ts';
import { Stage } from './stage.ts';

interface Row extends Verdict {
  readonly run: string;
}

const startedAt = performance.now();

function say(text: string): void {
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  process.stdout.write(`[${String(seconds).padStart(4)} s] ${text}\n`);
}

function help(): string {
  const lines = runs.map(({ name, title, sizes }) => {
    const settable = Object.entries(sizes).map(([size, value]) => `--${name}.${size}=${value}`);
    return `  ${name}: ${title}\n    ${settable.join(' ')}`;
  });
  return `pnpm chaos [run...] [--seed=N] [--<run>.<size>=N...]\n\n${lines.join('\n')}\n`;
}

interface Arguments {
  readonly names: readonly string[];
  readonly seed: number;
  readonly sizesOf: (run: Run) => Sizes;
}

function readArguments(): Arguments {
  const sizeNames = runs.flatMap(({ name, sizes }) => Object.keys(sizes).map((size) => `${name}.${size}`));
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      help: { type: 'boolean', default: false },
      ...Object.fromEntries(sizeNames.map((name) => [name, { type: 'string' as const }])),
    },
  });
  const given: Record<string, unknown> = values;
  if (given['help'] === true) {
    process.stdout.write(help());
    process.exit(0);
  }
  const unknown = positionals.filter((name) => !runs.some((run) => run.name === name));
  if (unknown.length > 0) throw new Error(`there is no run ${unknown.join(', ')}\n${help()}`);
  return {
    names: positionals.length > 0 ? positionals : runs.map(({ name }) => name),
    seed: Number(given['seed']),
    sizesOf: ({ name, sizes }) =>
      Object.fromEntries(
        Object.entries(sizes).map(([size, value]) => [size, Number(given[`${name}.${size}`] ?? value)]),
      ),
  };
}

async function play(run: Run, { seed, sizesOf }: Arguments): Promise<Row[]> {
  const sizes = sizesOf(run);
  const named = Object.entries(sizes).map(([size, value]) => `${size} ${value}`);
  say(`${run.name} (seed ${seed}; ${named.join(', ')})`);
  try {
    const stage = await Stage.open(run.stage(sizes));
    try {
      const context = { stage, sizes, random: seededRandom(seed), say: (text: string) => say(`  ${text}`) };
      return (await run.play(context)).map((verdict) => ({ run: run.name, ...verdict }));
    } finally {
      await stage.close();
    }
  } catch (error) {
    const measured = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return [{ run: run.name, promise: 'the run can be played to its end', measured, isKept: false }];
  }
}

function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ run, promise, measured, isKept }) =>
      `| ${run} | ${promise} | ${measured} | ${isKept ? 'kept' : 'BROKEN'} |`,
  );
  return ['| run | promise | found | |', '| --- | --- | --- | --- |', ...lines].join('\n');
}

async function main(): Promise<number> {
  const given = readArguments();
  const rows: Row[] = [];
  for (const run of runs.filter(({ name }) => given.names.includes(name))) {
    const found = await play(run, given);
    for (const { promise, measured, isKept } of found)
      say(`  ${isKept ? 'kept' : 'BROKEN'}: ${promise}: ${measured}`);
    rows.push(...found);
  }
  process.stdout.write(`\n${table(rows)}\n`);
  return rows.every(({ isKept }) => isKept) ? 0 : 1;
}

// What was started ends with this process.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(130));
process.exit(await main());
