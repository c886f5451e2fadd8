// Owns what a command answers: a result for people and for programs, or something the operator can mend.
import { z } from 'zod';

export interface CliResult {
  readonly json: Readonly<Record<string, unknown>>;
  readonly text: string;
  /** 0 unless given. */
  readonly exitCode?: number;
}

export const optionsSchema = z.record(z.string(), z.union([z.string(), z.boolean()]));
export type CliOptions = z.output<typeof optionsSchema>;

/** What a command was given. */
export interface CliCall {
  readonly args: readonly string[];
  readonly options: CliOptions;
  /** Asks whoever sits there; null where nobody does. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

/** Shown without a stack. */
export class CliError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'CliError';
  }
}
