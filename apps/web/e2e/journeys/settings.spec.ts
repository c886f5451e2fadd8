// Settings: changed, told to everybody, taken back, and on the audit trail with what they were before.
import { consoleUrl } from '../support/stack.ts';
import { expect, test, tolerate } from '../support/watched-page.ts';

/** One white point. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+ip1sAAAAASUVORK5CYII=',
  'base64',
);

test('a setting is changed, says who changed it, is on the audit trail, and goes back', async ({ page }) => {
  tolerate(page, /status of 400 .*settings\/stickiness/);
  await page.goto(consoleUrl('/settings/'));
  await page.getByRole('link', { name: 'Sessions of clients' }).click();
  const field = page.getByRole('textbox', { name: 'A conversation stays with its account for' });
  await expect(field).toHaveValue('1');
  await field.fill('9999');
  await expect(page.getByRole('status').filter({ hasText: '1 change not saved' })).toBeVisible();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByText('give at most 8760')).toBeVisible();

  await field.fill('2.5');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await expect(page.getByRole('main')).toContainText('Changed by admin');
  await page.reload();
  await expect(field).toHaveValue('2.5');

  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await expect(page.getByRole('heading', { level: 1, name: 'Audit' })).toBeVisible();
  await page.getByLabel('Resource', { exact: true }).selectOption({ label: 'Settings' });
  await page.getByRole('row').filter({ hasText: 'sessionHours' }).first().click();
  const act = page.getByRole('dialog');
  await expect(act.getByRole('listitem')).toContainText(['sessionHours']);
  await expect(act.getByRole('listitem')).toContainText('1');
  await expect(act.getByRole('listitem')).toContainText('2.5');
  await act.getByRole('link', { name: 'Sessions of clients' }).click();

  await page
    .getByRole('button', { name: 'Back to default: A conversation stays with its account for' })
    .click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await expect(field).toHaveValue('1');
});

test('what deletes asks first', async ({ page }) => {
  await page.goto(consoleUrl('/settings/?section=retention'));
  await page.getByLabel('Requests', { exact: true }).fill('3');
  await page.getByRole('button', { name: 'Save changes' }).click();
  const question = page.getByRole('dialog');
  await expect(question).toContainText('Requests older than 3 days');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('button', { name: 'Discard' }).click();
  await expect(page.getByLabel('Requests', { exact: true })).toHaveValue('30');
});

test('name, logo, colour and announcement are there for everybody', async ({ page, browser }) => {
  await page.goto(consoleUrl('/settings/?section=branding'));
  await page.getByLabel('Name', { exact: true }).fill('Acme AI');
  await page.getByLabel('Colour', { exact: true }).fill('#0a7d55');
  await page.getByLabel('Logo', { exact: true }).setInputFiles({
    name: 'logo.png',
    mimeType: 'image/png',
    buffer: PICTURE,
  });
  await expect(page.getByRole('img', { name: 'The logo' })).toBeVisible();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await expect(page.getByText('Settings saved')).toBeVisible();
  await expect(page.getByRole('complementary').getByRole('link', { name: 'Acme AI' })).toBeVisible();
  await expect(page).toHaveTitle(/Acme AI$/);
  await page.goto(consoleUrl('/settings/?section=general'));
  await page.getByLabel('Announcement', { exact: true }).fill('Down on Sunday');
  await page.getByRole('button', { name: 'Save changes' }).click();
  const announcement = page.getByRole('complementary', { name: 'Announcement' });
  await expect(announcement).toContainText('Down on Sunday');
  await announcement.getByRole('button', { name: 'Close the announcement' }).click();
  await expect(announcement).toBeHidden();

  const stranger = await browser.newPage();
  await stranger.goto(consoleUrl('/login/'));
  await expect(stranger.getByText('Acme AI')).toBeVisible();
  await expect(stranger.getByText('Down on Sunday')).toBeVisible();
  const button = stranger.locator('button[type="submit"]');
  await expect(button).toHaveCSS('background-color', 'rgb(10, 125, 85)');
  await stranger.close();

  for (const [section, field] of [
    ['branding', 'Name'],
    ['general', 'Announcement'],
  ] as const) {
    await page.goto(consoleUrl(`/settings/?section=${section}`));
    await expect(page.getByRole('textbox', { name: field, exact: true })).not.toHaveValue('');
    const resets = page.getByRole('button', { name: /^Back to default/ });
    while ((await resets.count()) > 0) await resets.first().click();
    await page.getByRole('button', { name: 'Save changes' }).click();
    await expect(page.getByText('Settings saved')).toBeVisible();
  }
});
