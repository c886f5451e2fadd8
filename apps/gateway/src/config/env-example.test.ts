import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { expect, test } from 'vitest';
import { readEnv, settingNames } from './env.ts';

/** Between the gateway and whoever starts it, not for operators. */
const INTERNAL = ['BOOTSTRAP_NOTICE_FD'];
const names = settingNames.filter((name) => !INTERNAL.includes(name));

function readText(path: string): string {
  return readFileSync(new URL(`../../../../${path}`, import.meta.url), 'utf8');
}

/** `# NAME=value` is a setting with its default; every other line is prose. */
const shown = parseEnv(
  readText('.env.example')
    .split('\n')
    .filter((line) => /^# [A-Z][A-Z0-9_]*=/.test(line))
    .map((line) => line.slice(2))
    .join('\n'),
);

test('.env.example names every setting, each once, and no other', () => {
  expect(Object.keys(shown).toSorted()).toEqual(names.toSorted());
  const lines = readText('.env.example').match(/^# [A-Z][A-Z0-9_]*=/gm);
  expect(lines).toHaveLength(names.length);
});

test('the values it shows are the defaults', () => {
  expect(readEnv(shown).problems).toEqual([]);
  // Settings that take their default elsewhere, from what they are combined with.
  const combined = /^REDIS_(HOST|PORT|DB|TLS|SENTINEL_MASTER_NAME)$/;
  const plain = Object.entries(shown).filter(([name]) => !combined.test(name));
  expect(readEnv(Object.fromEntries(plain)).env).toEqual(readEnv({}).env);
});

test('docs/configuration.md explains every setting', () => {
  const text = readText('docs/configuration.md');
  expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test('the compose file passes every setting on but those the containers fix', () => {
  const text = readText('docker/compose.yml');
  const fixed = /^(NODE_ENV|PORT|BIND_HOST|DATA_DIR|LOG_DIR|WEB_ROOT|REDIS_(URL|PORT|DB|TLS|SENTINEL_\w+))$/;
  const passed = (name: string) => new RegExp(`^ {6}- ${name}(=|$)`, 'm').test(text);
  expect(names.filter((name) => !passed(name) && !fixed.test(name))).toEqual([]);
});
