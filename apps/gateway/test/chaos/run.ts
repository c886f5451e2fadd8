// What every chaos run has: a name, what it promises, and what was found.
import type { Random } from './random.ts';
import type { Stage, StageOptions } from './stage.ts';

export interface Verdict {
  readonly promise: string;
  readonly measured: string;
  readonly isKept: boolean;
}

export interface RunContext<S extends Sizes = Sizes> {
  readonly stage: Stage;
  readonly sizes: S;
  readonly random: Random;
  readonly say: (text: string) => void;
}

/** Numbers that `--<name>=<number>` sets. */
export type Sizes = Readonly<Record<string, number>>;

export interface Run<S extends Sizes = Sizes> {
  readonly name: string;
  readonly title: string;
  /** Of the long form. */
  readonly sizes: S;
  stage(sizes: S): StageOptions;
  play(context: RunContext<S>): Promise<Verdict[]>;
}

export function verdict(promise: string, isKept: boolean, measured: string | number): Verdict {
  return { promise, isKept, measured: String(measured) };
}

/** `none`, or how many and the first few. */
export function listed(items: readonly string[]): string {
  return items.length === 0 ? 'none' : `${items.length}: ${items.slice(0, 3).join('; ')}`;
}

/** Value below which that share of the list lies. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return Math.round(sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0);
}

export async function until(
  isTrue: () => Promise<boolean> | boolean,
  withinMs: number,
  everyMs = 50,
): Promise<boolean> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    if (await isTrue()) return true;
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
