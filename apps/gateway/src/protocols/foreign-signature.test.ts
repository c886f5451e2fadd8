import { expect, test } from 'vitest';
import { readSignature, writeSignature } from './foreign-signature.ts';

test.each(['anthropic', 'openai', 'gemini'] as const)('a proof of %s comes back as it went', (vendor) => {
  for (const own of ['anthropic', 'openai', 'gemini'] as const) {
    const text = writeSignature({ vendor, value: 'a.b+/=\n' }, own);
    expect(text === 'a.b+/=\n').toBe(vendor === own);
    expect(readSignature(text, own)).toEqual({ vendor, value: 'a.b+/=\n' });
  }
});

test('what names nobody is the own vendor’s', () => {
  expect(readSignature('crs.unknown.x', 'gemini')).toEqual({ vendor: 'gemini', value: 'crs.unknown.x' });
});
