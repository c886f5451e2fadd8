// No rest set by the operator, for tests of what the gateway judges by itself.
import type { RestRules } from '../src/modules/accounts/index.ts';

export const noRestRules: RestRules = {
  unavailableMs: null,
  serverErrorMs: null,
  overloadMs: null,
  authMs: null,
  timeoutMs: null,
  maxAskedMs: null,
};
