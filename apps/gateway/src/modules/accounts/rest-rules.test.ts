import { expect, test } from 'vitest';
import { noRestRules } from '../../../test/rest-rules.ts';
import type { UpstreamFailure } from '../../providers/provider.ts';
import { ruledRestMs } from './rest-rules.ts';

const rules = {
  unavailableMs: 1,
  serverErrorMs: 2,
  overloadMs: 3,
  authMs: 4,
  timeoutMs: 5,
  maxAskedMs: 6,
};

function failure(reason: UpstreamFailure['reason'], coolDownMs: number | null = null): UpstreamFailure {
  return {
    reason,
    fault: 'account',
    retry: 'other',
    coolDownMs,
    coolDownScope: 'account',
    accountState: null,
    message: '',
  };
}

test.each([
  ['a 503', failure('server_error'), 503, 1],
  ['another 5xx', failure('server_error'), 500, 2],
  ['an overload', failure('overloaded', 5000), 529, 3],
  ['a refused credential', failure('credential_rejected'), 401, 4],
  ['a refused account', failure('permission_denied'), 403, 4],
  ['a timeout', failure('timeout'), 0, 5],
  ['a long rest that the vendor asks for', failure('rate_limited', 5000), 429, 6],
  ['a short rest that the vendor asks for', failure('rate_limited', 2), 429, 2],
  ['an account that is not reached', failure('unreachable'), 0, null],
])('%s', (_, failed, status, expected) => {
  expect(ruledRestMs(rules, failed, status)).toBe(expected);
  expect(ruledRestMs(noRestRules, failed, status)).toBeNull();
});
