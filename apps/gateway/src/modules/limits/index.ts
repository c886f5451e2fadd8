export { createLimits, type Limits, type Reservation } from './limits.ts';
