// The rules of the house hold in every file of the gateway.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { violations } from './floors/rules.ts';

const src = join(import.meta.dirname, '../src');

/** Tests and what only they use may look anywhere. */
const isTest = (path: string): boolean => /\.(test|fixture)\.ts$|(^|\/)fixtures\//.test(path);

test('imports go downward, modules know only earlier ones, and nothing is written where it does not belong', () => {
  const files = globSync('**/*.{ts,lua}', { cwd: src })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !isTest(path));
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap((path) => violations(path, readFileSync(join(src, path), 'utf8')))).toEqual([]);
});

test.each([
  ['platform/a.ts', `import { b } from '../modules/keys/index.ts';`, 'on a floor above'],
  ['modules/keys/a.ts', `import type { B } from '../../relay/b.ts';`, 'on a floor above'],
  ['modules/keys/a.ts', `import type { B } from '../../entry/b.ts';`, 'on a floor above'],
  ['relay/a.ts', `export * from '../app.ts';`, 'on a floor above'],
  ['relay/a.ts', `const b = await import('../entry/b.ts');`, 'on a floor above'],
  ['modules/keys/a.ts', `import { b } from '../users/users.ts';`, 'past its index.ts'],
  ['modules/keys/a.routes.ts', `import { b } from '../users/users.routes.ts';`, 'past its index.ts'],
  ['relay/a.ts', `import { b } from '../modules/users/users.ts';`, 'past its index.ts'],
  ['modules/keys/a.ts', `import { b } from '../usage/index.ts';`, 'later module usage'],
  ['modules/keys/a.routes.ts', `import { b } from '../usage/index.ts';`, 'later module usage'],
  ['app.ts', `import { b } from '../../web/src/b.ts';`, 'outside src'],
  ['relay/a.ts', `const b = process.env['B'];`, 'process.env'],
  ['relay/a.ts', `if (account.kind === 'claude') stop();`, 'kind claude'],
  ['relay/a.ts', `switch (kind) { case 'bedrock': stop(); }`, 'switches over kinds'],
  ['relay/a.ts', `if ('anthropic' !== facts.dialect) stop();`, 'dialect anthropic'],
  ['relay/a.ts', `switch (facts.dialect) { default: stop(); }`, 'switches over dialects'],
  ['modules/keys/a.ts', `await redis.commands.keys('*');`, 'walks the whole of Redis'],
  ['modules/keys/a.ts', `await this.#redis.background.scan(0);`, 'walks the whole of Redis'],
  ['modules/keys/a.ts', `await redis.call('SCAN', 0);`, 'walks the whole of Redis'],
  ['modules/keys/scripts/a.lua', `return redis.call('KEYS', '*')`, 'walks the whole of Redis'],
])('%s: %s', (path, source, violation) => {
  expect(violations(path, source)).toEqual([expect.stringContaining(violation)]);
});

test.each([
  ['modules/keys/a.ts', `import { b } from '../users/index.ts';`],
  ['modules/keys/index.ts', `export { b } from './keys.routes.ts';`],
  ['modules/keys/keys.routes.ts', `import { b } from '../../entry/b.ts';`],
  ['providers/claude/a.ts', `if (kind === 'claude') go();`],
  ['config/a.ts', `const b = process.env['B'];`],
  ['relay/a.ts', `if (event.kind === 'login.failed') for (const b of Object.keys(c)) map.keys();`],
  ['app.ts', `import { b } from './modules/keys/keys.routes.ts';`],
])('allowed in %s: %s', (path, source) => {
  expect(violations(path, source)).toEqual([]);
});
