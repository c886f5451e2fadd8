import { describe, expect, test } from 'vitest';
import { accentTokens, contrast, readHex } from './accent';

function of(hex: string | undefined) {
  const colour = readHex(hex ?? '');
  if (colour === null) throw new Error(`${hex} is no colour`);
  return colour;
}

describe.each(['#3550c9', '#ffffff', '#000000', '#ffe600', '#00ff88', '#ff0000', '#7f7f7f', '#0a7d55'])(
  '%s',
  (hex) => {
    const tokens = accentTokens(hex);

    test.each(['light', 'dark'] as const)(
      'is legible in the %s theme: on buttons, as text, on its soft ground',
      (theme) => {
        const { [theme]: own } = tokens ?? { light: {}, dark: {} };
        const at = (name: string) => of(own[name]);
        expect(contrast(at('--accent'), at('--accent-contrast'))).toBeGreaterThanOrEqual(4.5);
        expect(contrast(at('--accent-hover'), at('--accent-contrast'))).toBeGreaterThanOrEqual(4.5);
        expect(contrast(at('--accent-text'), at('--accent-soft'))).toBeGreaterThanOrEqual(4.5);
        const surface = theme === 'light' ? '#ffffff' : '#151517';
        expect(contrast(at('--accent-text'), of(surface))).toBeGreaterThanOrEqual(4.5);
      },
    );
  },
);

test('what is no colour changes nothing', () => {
  expect(accentTokens('red')).toBeNull();
  expect(accentTokens('#12345')).toBeNull();
});

test('contrast is that of WCAG', () => {
  expect(contrast(of('#ffffff'), of('#000000'))).toBeCloseTo(21, 5);
  expect(contrast(of('#777777'), of('#ffffff'))).toBeCloseTo(4.48, 2);
});
