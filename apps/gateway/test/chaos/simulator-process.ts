// The upstream simulator as a process of its own, asked over the channel to its parent: what it counts is held against
// the gateway's books, so it must not die with any of what is being killed, and must forget nothing.
import {
  type CountFilter,
  type FaultRule,
  type LoginRenewal,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from '@crs/upstream-simulator';

export type Question =
  | { readonly type: 'count'; readonly filter: CountFilter }
  | { readonly type: 'arrivals' }
  | { readonly type: 'renewals' }
  | { readonly type: 'end-tokens' }
  | { readonly type: 'set-fault'; readonly rule: FaultRule }
  | { readonly type: 'reset' };

/** One request that reached the upstream. */
export interface Arrival {
  /** As the load maker numbered it, null where the body did not come whole. */
  readonly call: number | null;
  readonly account: string | null;
  readonly atMs: number;
  readonly outcome: string;
  readonly status: number;
}

/** By the type of the question. */
export interface Answers {
  readonly count: number;
  readonly arrivals: readonly Arrival[];
  readonly renewals: readonly LoginRenewal[];
  readonly 'end-tokens': null;
  readonly 'set-fault': null;
  readonly reset: null;
}
export type Reply = Answers[Question['type']];

/** In a prompt, so that it reaches the upstream with every attempt. */
export function callMark(call: number): string {
  return `call-${call}.`;
}

function answer(simulator: Simulator, question: Question): Reply {
  switch (question.type) {
    case 'count':
      return simulator.count(question.filter);
    case 'arrivals':
      return simulator.requests.map(({ rawBody, account, at, outcome, status }) => {
        const number = /call-(\d+)\./.exec(rawBody.toString('latin1'))?.[1];
        return { call: number === undefined ? null : Number(number), account, atMs: at, outcome, status };
      });
    case 'renewals':
      return simulator.renewals;
    case 'end-tokens':
      simulator.endTokens();
      return null;
    case 'set-fault':
      simulator.setFault(question.rule);
      return null;
    case 'reset':
      simulator.reset();
      return null;
  }
}

async function main(): Promise<void> {
  const options = JSON.parse(process.argv[2] ?? '{}') as SimulatorOptions;
  const simulator = await startSimulator({
    ...options,
    maxLoggedRequests: 2_000_000,
    maxLoggedBytes: 2 ** 32,
  });
  process.on('message', ({ id, question }: { id: number; question: Question }) => {
    process.send?.({ id, reply: answer(simulator, question) });
  });
  process.on('disconnect', () => process.exit(0));
  process.send?.({ url: simulator.url });
}

if (process.send !== undefined && process.argv[1] === import.meta.filename) await main();
