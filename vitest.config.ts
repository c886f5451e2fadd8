// One test run over every package, on the sources: the `development` condition resolves workspace packages to `src`.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';

const conditions = ['development', 'module', 'import', 'default'];

/** The AWS SDK offers bundlers modules that Node itself cannot load. */
const plainConditions = conditions.filter((condition) => condition !== 'module');

const clients = fileURLToPath(new URL('.cache/clients/installed.json', import.meta.url));

function project(
  name: string,
  include: readonly string[],
  resolved: string[] = conditions,
): TestProjectConfiguration {
  return {
    resolve: {
      conditions: resolved,
      alias: { '@': fileURLToPath(new URL('apps/web/src', import.meta.url)) },
    },
    ssr: { resolve: { conditions: [...resolved, 'node'], externalConditions: ['development', 'node'] } },
    test: {
      name,
      include: [...include],
      environment: 'node',
      // The files of one worker share what they import: half of the whole run would be loading the same modules anew.
      // So no test file may replace a module or leave a global changed.
      isolate: false,
      testTimeout: 20_000,
      hookTimeout: 30_000,
    },
  };
}

export default defineConfig({
  test: {
    passWithNoTests: true,
    projects: [
      project('gateway', [
        'apps/gateway/src/**/*.test.ts',
        'apps/gateway/test/*.test.ts',
        'apps/gateway/test/journeys/*.test.ts',
        // Only where `pnpm clients` has fetched them: over a gigabyte.
        ...(existsSync(clients) ? ['apps/gateway/test/clients/*.test.ts'] : []),
      ]),
      // Several processes under load each, with bounds in milliseconds: nothing else may run beside them.
      project('chaos', ['apps/gateway/test/chaos/*.test.ts']),
      project('shared', ['packages/shared/{src,test}/**/*.test.ts']),
      project('simulator', ['packages/upstream-simulator/{src,test}/**/*.test.ts'], plainConditions),
      project('v1', ['v1/{src,test}/**/*.test.ts']),
      project('web', ['apps/web/{src,scripts}/**/*.test.{ts,tsx}']),
      project('commands', ['scripts/**/*.test.ts']),
    ],
    coverage: {
      provider: 'v8',
      reporter: ['text-summary', 'json-summary'],
      // Files that no test loads count too, as nothing covered.
      include: ['apps/gateway/src/**/*.ts', 'packages/shared/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.d.ts', '**/fixtures/**'],
      thresholds: {
        'apps/gateway/src/**': { lines: 85 },
        'packages/shared/src/**': { lines: 85 },
      },
    },
  },
});
