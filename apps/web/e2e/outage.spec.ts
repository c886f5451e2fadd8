// The database is lost and comes back: the page says so calmly, keeps what it shows and goes on by itself.
import { consoleUrl, stack } from './support/stack.ts';
import { expect, isolatedTest as test, tolerate } from './support/watched-page.ts';

test('a lost database is told in a strip, and its return is noticed', async ({ page }) => {
  test.setTimeout(90_000);
  tolerate(page, /Failed to load resource.*503/);
  await page.goto(consoleUrl('/keys/'));
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows.nth(1)).toBeVisible();
  const shown = await rows.count();

  const { redisPid } = stack();
  process.kill(redisPid, 'SIGSTOP');
  try {
    // Something that asks the gateway: the page notices with it.
    await page.getByRole('searchbox').fill('a');
    const strip = page.getByText('A part of the gateway does not answer');
    await expect(strip).toBeVisible({ timeout: 40_000 });
    await expect(page.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible();
    process.kill(redisPid, 'SIGCONT');
    await expect(strip).toBeHidden({ timeout: 30_000 });
    await page.getByRole('searchbox').fill('');
    await expect(rows).toHaveCount(shown, { timeout: 20_000 });
  } finally {
    process.kill(redisPid, 'SIGCONT');
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
