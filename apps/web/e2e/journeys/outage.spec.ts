// The gateway or its database is lost and comes back: the page says so calmly, keeps what it shows and goes on by itself.
import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { createKey } from '../support/api.ts';
import { startAnother } from '../support/start-stack.ts';
import { consoleUrl, publish, stack } from '../support/stack.ts';
import { expect, isolatedTest as test, tolerate } from '../support/watched-page.ts';

/** Into the session of the page, with a password of its own. */
async function signIn(page: Page): Promise<void> {
  const { baseUrl, adminUsername: username, adminPassword: password } = stack();
  const post = async (path: string, data: object) => {
    const answer = await page.request.post(`${baseUrl}/api/v2/auth${path}`, {
      data,
      headers: { origin: baseUrl },
    });
    expect(answer.ok(), `${path}: ${await answer.text()}`).toBe(true);
  };
  await post('/admin/login', { username, password });
  await post('/password', {
    current: password,
    next: `chosen-${randomBytes(6).toString('hex')}`,
  });
}

test('a lost database is told in a strip, and its return is noticed', async ({ page, context }) => {
  test.setTimeout(90_000);
  tolerate(page, /Failed to load resource.*503/);
  const shared = stack();
  // Nothing else may need the database that is lost.
  const own = await startAnother({ REDIS_COMMAND_TIMEOUT_MS: '2000' });
  try {
    publish(own.stack);
    await context.clearCookies();
    await signIn(page);
    await createKey(page, 'Outlives the outage');
    await page.goto(consoleUrl('/keys/'));
    const row = page.getByRole('row').filter({ hasText: 'Outlives the outage' });
    await expect(row).toBeVisible();

    process.kill(own.stack.redisPid, 'SIGSTOP');
    // Something that asks the gateway: the page notices with it.
    await page.getByRole('searchbox').fill('outlives');
    const strip = page.getByText('A part of the gateway does not answer');
    await expect(strip).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible();
    process.kill(own.stack.redisPid, 'SIGCONT');
    await expect(strip).toBeHidden({ timeout: 30_000 });
    await expect(row).toBeVisible({ timeout: 20_000 });
  } finally {
    process.kill(own.stack.redisPid, 'SIGCONT');
    await page.close();
    await own.stop();
    publish(shared);
  }
});

test('a lost connection is told as well', async ({ page, context }) => {
  test.setTimeout(60_000);
  tolerate(page, /Failed to load resource.*ERR_INTERNET_DISCONNECTED/);
  await page.goto(consoleUrl('/keys/'));
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
  await context.setOffline(true);
  await page.getByRole('searchbox').fill('b');
  const strip = page.getByText('The gateway does not answer. What you see may be old');
  await expect(strip).toBeVisible({ timeout: 30_000 });
  await context.setOffline(false);
  await expect(strip).toBeHidden({ timeout: 30_000 });
});
