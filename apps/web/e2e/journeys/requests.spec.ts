// The requests as they come: live rows, the picture above them, filters, a file, one request on its own page, its bodies.
import { createAccount, createCapturingKey, createKey, relay } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test, tolerate } from '../support/watched-page.ts';

test('new requests come by themselves, wait while one reads further down, and stop when paused', async ({
  page,
}) => {
  const model = 'claude-live-1';
  await createAccount(page, 'Answers live', { model });
  const secret = await createKey(page, 'Live key');
  for (let count = 0; count < 40; count += 1) await relay(secret, 'Before', model);
  await page.goto(consoleUrl(`/requests/?model=${model}`));
  const rows = page.getByRole('table', { name: 'Requests' }).getByRole('row').filter({ hasText: model });
  await expect(rows).toHaveCount(40);
  const live = page.getByRole('button', { name: 'Live', exact: true });
  await expect(live).toHaveAttribute('aria-pressed', 'true');

  // At the top they simply appear.
  expect(await relay(secret, 'Now', model)).toBe(200);
  await expect(rows).toHaveCount(41);

  // Further down nothing moves; a bar tells how many there are.
  await page.mouse.move(700, 700);
  await page.mouse.wheel(0, 900);
  await expect.poll(() => page.evaluate(() => window.scrollY)).toBeGreaterThan(200);
  await relay(secret, 'Later', model);
  await relay(secret, 'Later', model);
  await expect(page.getByRole('button', { name: '2 new requests' })).toBeVisible();
  await expect(rows).toHaveCount(41);
  await page.getByRole('button', { name: '2 new requests' }).click();
  await expect(rows).toHaveCount(43);

  await live.click();
  await expect(page.getByRole('button', { name: 'Paused' })).toHaveAttribute('aria-pressed', 'false');
  await relay(secret, 'Unseen', model);
  await page.waitForTimeout(1500);
  await expect(rows).toHaveCount(43);
  // It goes on where it was.
  await page.getByRole('button', { name: 'Paused' }).click();
  await expect(rows).toHaveCount(44);
});

test('a broken connection is told, and what was missed comes when it stands', async ({ page }) => {
  tolerate(page, /ERR_FAILED/);
  const model = 'claude-broken-1';
  await createAccount(page, 'Answers broken', { model });
  const secret = await createKey(page, 'Broken key');
  await relay(secret, 'First', model);
  await page.route('**/requests/live?*', (route) => route.abort());
  await page.goto(consoleUrl(`/requests/?model=${model}`));
  const rows = page.getByRole('table', { name: 'Requests' }).getByRole('row').filter({ hasText: model });
  await expect(page.getByRole('button', { name: 'Reconnecting' })).toBeVisible();
  await expect(rows).toHaveCount(1);
  await relay(secret, 'Missed', model);
  await page.unroute('**/requests/live?*');
  await expect(page.getByRole('button', { name: 'Live', exact: true })).toBeVisible();
  await expect(rows).toHaveCount(2);
});

test('the picture and the filters narrow the list, and the list goes into a file', async ({ page }) => {
  const model = 'claude-filtered-1';
  await createAccount(page, 'Fails first', { model, faults: 'status=529', priority: 1 });
  await createAccount(page, 'Answers second', { model, priority: 2 });
  const denied = 'claude-denied-1';
  const secret = await createKey(page, 'Filtered key', { models: { mode: 'deny', list: [denied] } });
  await relay(secret, 'One', model);
  await relay(secret, 'Two', model);
  expect(await relay(secret, 'Refused', denied)).toBe(403);

  await page.goto(consoleUrl('/requests/?search='));
  await page.getByRole('search').getByRole('button', { name: 'Key', exact: true }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Key' }).fill('Filtered key');
  await page.getByRole('dialog').getByRole('button', { name: 'Filtered key' }).click();
  const rows = page
    .getByRole('table', { name: 'Requests' })
    .getByRole('row')
    .filter({ hasText: 'Filtered key' });
  await expect(rows).toHaveCount(3);
  // The way of a request that was tried elsewhere is told in its row.
  await expect(rows.filter({ hasText: 'Fails first → Answers second' })).toHaveCount(1);

  const picture = page.getByRole('region', { name: '3 requests by status' });
  await expect(
    picture.getByRole('img', { name: /3 requests from .*: 1 with a status of 4xx, 0 of 5xx/ }),
  ).toBeVisible();
  await picture.getByRole('button', { name: /^4xx/ }).click();
  await expect(rows).toHaveCount(1);
  await expect(page).toHaveURL(/status=4xx/);
  await page.getByRole('button', { name: 'Clear filter Status' }).click();
  await expect(rows).toHaveCount(3);

  // Without a pointer: the same as a table, each of whose lines narrows the time.
  await picture.getByRole('button', { name: 'Show as table' }).click();
  await picture.getByRole('button', { name: 'Narrow to this' }).first().click();
  await expect(page).toHaveURL(/from=.*to=/);
  await page.getByRole('button', { name: 'Clear filter Time' }).click();

  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByRole('search').getByRole('button', { name: 'Total' }).click();
  const form = page.getByRole('dialog');
  await form.getByLabel('At least (ms)').fill('soon');
  await expect(form.getByText('Enter a plain number')).toBeVisible();
  await form.getByLabel('At least (ms)').fill('600000');
  await form.getByRole('button', { name: 'Use this range' }).click();
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear filter Total' }).click();

  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Export as CSV' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^requests-.*\.csv$/);
  let text = '';
  for await (const piece of await file.createReadStream()) text += String(piece);
  expect(text.trimEnd().split('\r\n')).toHaveLength(4);
  expect(text).toContain('Fails first > Answers second');
});

test('dragging over the picture narrows the time', async ({ page }) => {
  await page.goto(consoleUrl('/requests/'));
  const picture = page.getByRole('img', { name: /requests from/ });
  const box = await picture.boundingBox();
  if (box === null) throw new Error('there is no picture');
  await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByRole('button', { name: 'Clear filter Time' })).toBeVisible();
});

test('a request has a page of its own, and kept bodies are shown to an administrator and deleted', async ({
  page,
}) => {
  const model = 'claude-kept-1';
  await createAccount(page, 'Answers kept', { model });
  const { id, secret } = await createCapturingKey(page, 'Kept key');
  await relay(secret, 'A prompt that is kept', model);
  await page.goto(consoleUrl(`/requests/?model=${model}`));
  await page.getByRole('row').filter({ hasText: model }).first().click();
  const panel = page.getByRole('dialog');
  await expect(panel.getByText(/^(Had it failed|No other account could have taken over)/)).toBeVisible();
  await panel.getByRole('link', { name: 'Open as page' }).click();
  await expect(page).toHaveURL(/\/requests\/view\/\?id=req_/);
  await expect(page.getByRole('heading', { level: 1, name: 'Request' })).toBeVisible();

  const bodies = page.getByRole('region', { name: 'Kept bodies' });
  await bodies.getByRole('button', { name: 'Show bodies' }).click();
  await expect(bodies.getByRole('region', { name: 'Request' })).toContainText('A prompt that is kept');
  await expect(bodies.getByRole('region', { name: 'Answer' })).toContainText('"role": "assistant"');
  await bodies.getByRole('button', { name: 'Delete bodies' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete bodies' }).click();
  await expect(bodies).toBeHidden();

  // Another one keeps its bodies, for whoever looks at the pages afterwards.
  await createAccount(page, 'Answers shown', { model: 'claude-shown-1' });
  await relay(secret, 'Shown', 'claude-shown-1');

  // The key says so, and can be told to stop.
  await page.goto(consoleUrl(`/keys/?id=${id}`));
  await expect(page.getByRole('dialog').getByText('Requests and answers are kept')).toBeVisible();
});
