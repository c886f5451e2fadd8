import { fileURLToPath } from 'node:url';
import { createTranslator } from 'next-intl';
import { describe, expect, test } from 'vitest';
import { type Locale, locales } from '@/i18n/locale';
import { messages as en } from '../en';
import { messages as zh } from '../zh-CN';
import { argumentsOf, flatten } from './message-shape';
import { findKeys, findLiterals, type KeyUse, parseSources } from './source-scan';

const all = { en: flatten(en), 'zh-CN': flatten(zh) } satisfies Record<Locale, Map<string, string>>;
const sources = parseSources(fileURLToPath(new URL('../..', import.meta.url)));
const uses = sources.flatMap(({ file, program }) => findKeys(file, program));

/** Keys built from answers of the gateway: nothing in the sources names them one by one. */
const namedByTheGateway = /^(errors\.codes|kinds|audit\.(actions|types)|settings\.fields)\./;

function matches(use: KeyUse, key: string): boolean {
  const escaped = use.key.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`).replaceAll('*', '.+');
  return new RegExp(`^${use.anyArea ? String.raw`\w+\.` : ''}${escaped}$`).test(key);
}

describe('both languages', () => {
  test('say the same things', () => {
    expect([...all['zh-CN'].keys()].toSorted()).toEqual([...all.en.keys()].toSorted());
  });

  test('name the same arguments', () => {
    const of = (locale: Locale) =>
      Object.fromEntries([...all[locale]].map(([key, text]) => [key, argumentsOf(text)]));
    expect(of('zh-CN')).toEqual(of('en'));
  });

  test.each(locales)('%s can be written out, every message of it', (locale) => {
    const failures: string[] = [];
    const t = createTranslator({
      locale,
      messages: locale === 'en' ? en : zh,
      onError: (error) => failures.push(error.message),
    });
    for (const [key, text] of all[locale]) {
      const values = Object.fromEntries(argumentsOf(text).map((name) => [name, 2]));
      t(key as never, values as never);
    }
    expect(failures).toEqual([]);
  });

  test('no message is empty', () => {
    const empty = locales.flatMap((locale) => [...all[locale]].filter(([, text]) => text.trim() === ''));
    expect(empty).toEqual([]);
  });
});

describe('the sources', () => {
  test('are read: the scan finds translators, templates and conditions', () => {
    const keys = uses.map(({ key }) => key);
    expect(keys).toContain('auth.signIn');
    expect(keys).toContain('shell.pages.*');
    expect(keys).toContain('shell.health.states.unhealthy');
  });

  test('use no key that does not exist', () => {
    const missing = uses.filter((use) => ![...all.en.keys()].some((key) => matches(use, key)));
    expect(missing).toEqual([]);
  });

  test('leave no message unused', () => {
    const unused = [...all.en.keys()].filter(
      (key) => !namedByTheGateway.test(key) && !uses.some((use) => matches(use, key)),
    );
    expect(unused).toEqual([]);
  });

  test('write no words straight into the page', () => {
    // Names of keys are the same everywhere; without JavaScript there is no choice of language.
    const allowed = new Set([
      'Ctrl K',
      'Ctrl / ⌘ K',
      'The console needs JavaScript. 控制台需要启用 JavaScript。',
    ]);
    const literals = sources
      .flatMap(({ file, program }) => findLiterals(file, program))
      .filter(({ text }) => !allowed.has(text));
    expect(literals).toEqual([]);
  });
});

test('arguments are told apart from the branches of a plural', () => {
  expect(argumentsOf('{a} of {count, plural, one {# key} other {{count} keys in {b}}}')).toEqual([
    'a',
    'b',
    'count',
  ]);
});
