// What other packages use of the simulator.
export type { Chunking, Fault, FaultMatch, FaultRule } from './faults.ts';
export type { LoggedRequest } from './request-log.ts';
export { type Simulator, type SimulatorOptions, startSimulator } from './simulator.ts';
export type { CountFilter, Outcome, TallyRow } from './tally.ts';
export type { LoginRenewal } from './vendors/oauth/token-book.ts';
export { EXAMPLE_SECRET_KEY as EXAMPLE_AWS_SECRET_KEY } from './vendors/bedrock/signature.ts';
