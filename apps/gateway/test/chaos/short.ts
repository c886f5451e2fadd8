// The short form of a chaos run, within a test: the same code with small sizes.
import { seededRandom } from './random.ts';
import type { Run, Sizes, Verdict } from './run.ts';
import { Stage } from './stage.ts';

const SEED = 11;

/** Promises that were not kept; also says how many there were, so that an empty run is none. */
export async function playShort<S extends Sizes>(
  run: Run<S>,
  sizes: S,
  stage?: Stage,
): Promise<{ promises: number; broken: Verdict[] }> {
  const own = stage ?? (await Stage.open(run.stage(sizes)));
  try {
    const verdicts = await run.play({ stage: own, sizes, random: seededRandom(SEED), say: () => undefined });
    return { promises: verdicts.length, broken: verdicts.filter(({ isKept }) => !isKept) };
  } finally {
    await (stage === undefined ? own.close() : own.clear());
  }
}
