import { expect, test } from 'vitest';
import { pickLocale } from './locale';

test('the first language of the browser that the console speaks is taken, Chinese without any', () => {
  expect(pickLocale(['fr-FR', 'en-GB', 'zh-TW'])).toBe('en');
  expect(pickLocale(['zh-Hant-HK', 'en'])).toBe('zh-CN');
  expect(pickLocale(['fr'])).toBe('zh-CN');
  expect(pickLocale([])).toBe('zh-CN');
});
