import { expect, test } from 'vitest';
import { keysIn } from './remembered-keys';

test('several keys are told apart, however they were pasted, and none is taken twice', () => {
  expect(keysIn(' cr_a\ncr_b, cr_a;cr_c ')).toEqual(['cr_a', 'cr_b', 'cr_c']);
  expect(keysIn('  ')).toEqual([]);
});
