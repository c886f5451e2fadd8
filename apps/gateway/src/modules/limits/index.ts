export type { Claim, LimitRefusal } from './admission.ts';
export { type CounterDifference, CountersCheck } from './counters-check.ts';
export type { Correction } from './corrections.ts';
export type { Amounts } from './expectations.ts';
export { type Admission, type Admitted, createLimits, type Limits, type Reservation } from './limits.ts';
export type { SettledRow } from './settlement.ts';
export type { LimitedKey } from './subjects.ts';
