// Owns the time of day as an argument: whoever needs it is given a clock, tests give a still one.
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
