import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { budgetOf, firstLoadScripts } from './bundle-budget.ts';
import { addPolicy, inlineScripts, policyFor } from './content-security-policy.ts';

const code = 'self.__next_f.push([1,"a<b && \'c\' 中文"])';
const html = `<!DOCTYPE html><html><head><meta charSet="utf-8"/><script>boot()</script><script src="/web/_next/a.js" async=""></script></head><body><script>${code}</script><script id="x">${code}</script></body></html>`;

function sourceOf(text: string): string {
  return `'sha256-${createHash('sha256').update(Buffer.from(text, 'utf8')).digest('base64')}'`;
}

test('every inline script is allowed by its hash and no other script is', () => {
  expect(inlineScripts(html)).toEqual(['boot()', code, code]);
  const scripts = /script-src ([^;]+)/.exec(policyFor(inlineScripts(html)))?.[1];
  expect(scripts).toBe(`'self' ${sourceOf('boot()')} ${sourceOf(code)}`);
});

test('the policy stands before the first script and holds what the console promises', () => {
  const page = addPolicy(html);
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1] ?? '';
  expect(page.indexOf('Content-Security-Policy')).toBeLessThan(page.indexOf('<script'));
  expect(page.indexOf('charSet')).toBeLessThan(page.indexOf('Content-Security-Policy'));
  for (const rule of ["connect-src 'self'", "object-src 'none'", "base-uri 'self'", "form-action 'self'"]) {
    expect(policy).toContain(rule);
  }
  expect(/script-src[^;]*/.exec(policy)?.[0]).not.toContain('unsafe');
});

test('finishing twice changes nothing', () => {
  expect(addPolicy(addPolicy(html))).toBe(addPolicy(html));
});

test('only what a modern browser loads counts, each file once', () => {
  const page = `<script src="/web/_next/a.js?v=1" async=""></script><script src="/web/_next/old.js" noModule=""></script><script src="/web/_next/a.js"></script><link rel="preload" href="/web/_next/b.js" as="script"/>`;
  expect(firstLoadScripts(page)).toEqual(['_next/a.js']);
});

test('charts are allowed more, everything else is light', () => {
  expect(budgetOf('dashboard/index.html')).toBe(380_000);
  expect(budgetOf('keys/index.html')).toBe(200_000);
});

test('the build fails by one page over its budget, and by a script that is not there', () => {
  const out = mkdtempSync(join(tmpdir(), 'export-'));
  try {
    mkdirSync(join(out, 'keys'));
    const page = (script: string) =>
      writeFileSync(
        join(out, 'keys/index.html'),
        `<html><head></head><body><script src="/web/${script}"></script></body></html>`,
      );
    const finish = () =>
      spawnSync(process.execPath, [join(import.meta.dirname, 'finish-export.ts'), out], { encoding: 'utf8' });
    // What cannot be compressed weighs the same afterwards.
    writeFileSync(join(out, 'light.js'), randomBytes(199_000));
    writeFileSync(join(out, 'heavy.js'), randomBytes(200_100));
    page('light.js');
    const light = finish();
    expect(light.status).toBe(0);
    expect(light.stdout).not.toContain('OVER BUDGET');
    page('heavy.js');
    const heavy = finish();
    expect(heavy.status).toBe(1);
    expect(heavy.stdout).toContain('OVER BUDGET');
    page('gone.js');
    expect(finish().status).toBe(1);
  } finally {
    rmSync(out, { recursive: true });
  }
});
