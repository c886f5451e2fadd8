// Chance with a seed: the demo looks the same at every start.
export { seededRandom } from '../../../packages/upstream-simulator/src/seed.ts';

export type Random = () => number;

export function between(from: number, to: number, random: Random): number {
  return from + (to - from) * random();
}

/** Around `mean`, now and then several times as much, as sizes and times are. */
export function around(mean: number, random: Random): number {
  const bell = random() + random() + random() + random() - 2;
  return mean * Math.exp(bell * 1.1 - 0.2);
}

/** How many come in a time in which `mean` come on the average. */
export function countAround(mean: number, random: Random): number {
  const limit = Math.exp(-mean);
  let product = random();
  let count = 0;
  while (product > limit) {
    product *= random();
    count += 1;
  }
  return count;
}

/** One of the names, by their weights. */
export function pickByWeight<Name extends string>(
  weights: Readonly<Record<Name, number>>,
  random: Random,
): Name {
  const names = Object.keys(weights) as Name[];
  let left = random() * names.reduce((sum, name) => sum + weights[name], 0);
  return names.find((name) => (left -= weights[name]) < 0) ?? (names[0] as Name);
}
