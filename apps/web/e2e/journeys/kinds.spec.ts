// An account of every kind, by the form that its schema draws.
import type { Locator, Page } from '@playwright/test';
import { consoleUrl, stack } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

interface Kind {
  kind: string;
  /** Fills in what is the kind's own. */
  fill: (form: Locator, simulatorUrl: string) => Promise<void>;
}

const withKey = (address: string) => async (form: Locator, simulatorUrl: string) => {
  await form.getByLabel(address).fill(simulatorUrl);
  await form.getByLabel(/^(API key|Key)$/).fill('sk-browser-test');
};
const withTokens = (accessToken: string) => async (form: Locator) => {
  await form.getByRole('button', { name: 'Paste tokens instead' }).click();
  await form.getByLabel('Access token', { exact: true }).fill(accessToken);
};

const kinds: Kind[] = [
  { kind: 'ccr', fill: withKey('Base URL') },
  { kind: 'gemini-api', fill: withKey('Base URL') },
  { kind: 'openai', fill: withKey('Base URL') },
  { kind: 'openai-responses', fill: withKey('Base URL') },
  {
    kind: 'azure-openai',
    fill: async (form, simulatorUrl) => {
      await withKey('Endpoint')(form, simulatorUrl);
      await form.getByRole('button', { name: 'Add row' }).first().click();
      await form.getByLabel('Model, row 1').fill('gpt-5.4-nano');
      await form.getByLabel('Deployment, row 1').fill('small');
    },
  },
  {
    kind: 'bedrock',
    fill: async (form) => {
      await form.getByLabel('Access key id').fill('AKIABROWSERTEST');
      // What was typed for one way is not sent with the other.
      await form.getByText('Bedrock API key', { exact: true }).first().click();
      await form.getByRole('textbox', { name: 'Bedrock API key' }).fill('bedrock-browser-test');
    },
  },
  { kind: 'claude', fill: withTokens('sk-ant-oat01-browser-test') },
  { kind: 'gemini', fill: withTokens('ya29.browser-test') },
  {
    kind: 'codex',
    fill: async (form) => {
      await withTokens('at-browser-test')(form);
      await form.getByLabel('Account id').fill('account-1');
    },
  },
];

async function create(page: Page, { kind, fill }: Kind): Promise<void> {
  await page.goto(consoleUrl('/accounts/?new=1'));
  const dialog = page.getByRole('dialog');
  await dialog
    .getByRole('button')
    .filter({ has: page.getByText(kind, { exact: true }) })
    .click();
  await fill(dialog, stack().simulatorUrl);
  await dialog.getByLabel('Name').fill(`By form: ${kind}`);
  // It answers nobody else's requests.
  await dialog.getByText('Pool and groups').click();
  await dialog.getByRole('switch', { name: 'Shared pool' }).uncheck();
  await dialog.getByRole('button', { name: 'Add and test' }).click();
  await expect(dialog.getByText('The account works'), kind).toBeVisible();
}

test('accounts of the kinds with keys are made by their forms and work', async ({ page }) => {
  for (const kind of kinds.slice(0, 4)) await create(page, kind);
});

test('accounts of the kinds with tables, choices and tokens are made by their forms and work', async ({
  page,
}) => {
  for (const kind of kinds.slice(4)) await create(page, kind);
});

test('a proxy is taken apart when it is pasted, and its password stays through an edit', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto(consoleUrl('/accounts/?new=1'));
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /openai-responses/ }).click();
  await dialog.getByLabel('Name').fill('Behind a proxy');
  await dialog.getByLabel('Base URL').fill('http://127.0.0.1:1');
  await dialog.getByLabel('API key').fill('sk-browser-test');
  await dialog.getByText('Proxy', { exact: true }).click();
  await dialog.getByText('HTTP', { exact: true }).click();
  await page.evaluate(() => navigator.clipboard.writeText('socks5://lab:a%20secret@127.0.0.1:9'));
  await dialog.getByLabel('Host').press('ControlOrMeta+v');
  await expect(dialog.getByLabel('Host')).toHaveValue('127.0.0.1');
  await expect(dialog.getByLabel('Port')).toHaveValue('9');
  await expect(dialog.getByLabel(/^Password/)).toHaveValue('a secret');
  await dialog.getByRole('button', { name: 'Add and test' }).click();
  await expect(dialog.getByText('The account does not work')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  await page.goto(consoleUrl('/accounts/?search=Behind'));
  const row = page.getByRole('row').filter({ hasText: 'Behind a proxy' });
  await row.focus();
  await page.keyboard.press('e');
  await expect(dialog.getByText('socks5://lab@127.0.0.1:9')).toBeVisible();
  await dialog.getByText('Proxy', { exact: true }).click();
  await expect(dialog.getByLabel(/^Password/)).toHaveValue('');
  await expect(dialog.getByText('Leave empty to keep the stored password.')).toBeVisible();
  await dialog.getByLabel('Port').fill('10');
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await row.getByRole('button', { name: 'Behind a proxy', exact: true }).click();
  await expect(dialog.getByText('socks5://lab@127.0.0.1:10')).toBeVisible();
  await expect(dialog.getByText('with a stored password')).toBeVisible();
});
