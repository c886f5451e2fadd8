// Plays one trial: the client's program, what it printed, and what the books say of it.
import { mistakesIn, storyOf } from './books.ts';
import { type Client, mustShow, promptOf, type Trial } from './case.ts';
import type { Stage } from './stage.ts';

export interface Played {
  readonly client: Client;
  readonly trial: Trial;
  /** Empty when all is as it must be. */
  readonly mistakes: readonly string[];
  readonly story: string;
  readonly seconds: number;
  readonly output: string;
}

export async function play(stage: Stage, cache: string, client: Client, trial: Trial): Promise<Played> {
  const served = await stage.serve(trial);
  const order = { ...trial, ...served, cache, prompt: promptOf(client, trial) };
  const startedAt = performance.now();
  const { result, asked } = await stage.watch(() => client.run(order));
  const { code, output } = result;
  const shows = mustShow(client, trial);
  return {
    client,
    trial,
    mistakes: [
      ...((code === 0) === trial.succeeds ? [] : [`ended with ${code}`]),
      ...(shows.test(output) ? [] : [`does not show ${shows.source}`]),
      ...mistakesIn(client, trial, asked),
    ],
    story: storyOf(asked),
    seconds: (performance.now() - startedAt) / 1000,
    output,
  };
}
