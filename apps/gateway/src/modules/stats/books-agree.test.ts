// One gateway as an operator sees it: whatever passes through, every place that shows figures shows the same ones.
import { expect, test } from 'vitest';
import { startTestGateway } from '../../../test/gateway.ts';
import { addAccount, addKey, message, rows, send } from '../../../test/relay-client.ts';

test('rows, attempts, price lines, statistics, dashboard, keys and accounts add up to the same money', async () => {
  const gateway = await startTestGateway();
  try {
    const { admin, simulator, url } = gateway;
    const bad = await addAccount(gateway, { priority: 1 });
    const good = await addAccount(gateway, { priority: 2 });
    simulator.setFault({ match: { apiKey: bad.apiKey }, status: 529 });
    const keys = [await addKey(gateway, { name: 'red' }), await addKey(gateway, { name: 'blue' })];
    for (const [number, { secret }] of [...keys, ...keys, ...keys].entries()) {
      const answer = await send(url, secret, {
        body: message(`count to ${number}`, { stream: number % 2 === 0 }),
      });
      expect(answer.status).toBe(200);
    }
    const items = await rows(gateway);
    const sum = (of: (row: (typeof items)[number]) => number): number =>
      items.reduce((total, row) => total + of(row), 0);
    const money = sum((row) => row.costNanoUsd);
    expect(items).toHaveLength(6);
    expect(money).toBeGreaterThan(0);

    for (const { id, costNanoUsd, usage } of items) {
      const detail = await admin.requests.get({ params: { id } });
      const add = (parts: readonly { costNanoUsd: number }[]): number =>
        parts.reduce((total, part) => total + part.costNanoUsd, 0);
      expect(add(detail.attempts)).toBe(costNanoUsd);
      expect(add(detail.price.lines)).toBe(costNanoUsd);
      expect(detail.usage).toEqual(usage);
    }

    const attempts = sum((row) => row.attempts);
    expect(attempts).toBeGreaterThan(6);
    const expected = { requests: 6, attempts, costNanoUsd: money, output: sum(({ usage }) => usage.output) };
    for (const groupBy of [
      'hour',
      'day',
      'week',
      'month',
      'key',
      'user',
      'account',
      'model',
      'kind',
    ] as const) {
      const answer = await admin.stats.usage({ query: { groupBy } });
      expect(answer.total, groupBy).toMatchObject(expected);
      expect(answer.rows.reduce((total, row) => total + row.costNanoUsd, 0)).toBe(money);
    }
    const byKey = await admin.stats.usage({ query: { groupBy: 'key' } });
    expect(byKey.rows.map(({ label }) => label).sort()).toEqual(['blue', 'red']);
    const byAccount = await admin.stats.usage({ query: { groupBy: 'account' } });
    const rowOf = (id: string) => byAccount.rows.find(({ group }) => group === id);
    expect(rowOf(bad.id)).toMatchObject({ requests: 0, errors: attempts - 6, costNanoUsd: 0 });
    expect(rowOf(good.id)).toMatchObject({ requests: 6, errors: 0, costNanoUsd: money });

    const board = await admin.dashboard.overview({ query: {} });
    expect(board.current).toMatchObject({ ...expected, errors: 0 });
    expect(board.setup).toEqual({ account: true, key: true, request: true });
    expect(board.attention.map(({ kind, id }) => [kind, id])).toEqual([['account', bad.id]]);

    const listed = await admin.keys.list({ query: {} });
    expect(listed.items.reduce((total, { usage }) => total + usage.total.costNanoUsd, 0)).toBe(money);
    expect(
      listed.items.every(({ lastUsedAt, usage }) => lastUsedAt !== null && usage.today.requests === 3),
    ).toBe(true);
    const account = await admin.accounts.get({ params: { kind: 'claude-console', id: good.id } });
    expect(account.usage.total).toMatchObject({ requests: 6, costNanoUsd: money });

    const [first] = keys;
    for (const groupBy of ['key', 'model', 'tag'] as const) {
      expect((await admin.stats.cost({ query: { groupBy } })).total.costNanoUsd).toBe(money);
      expect((await admin.stats.trends({ query: { splitBy: groupBy } })).total.costNanoUsd).toBe(money);
    }
    expect((await admin.stats.models({ query: {} })).total).toMatchObject(expected);
    const file = await (await admin.stats.export({ query: { groupBy: 'key' } })).text();
    expect(file.split('\r\n').filter((line) => line.includes('red') || line.includes('blue'))).toHaveLength(
      2,
    );

    // What one call costs is most of this budget.
    const usd = Math.ceil((money / 6) * 1.1) / 1e9;
    const tight = await addKey(gateway, {
      name: 'tight',
      budgets: [{ every: 'day', usd }],
      budgetMode: 'expected',
    });
    await send(url, tight.secret, { body: message('count to 3') });
    await gateway.settled();
    const { attention } = await admin.dashboard.overview({ query: {} });
    const nearBudget = attention.find(({ kind }) => kind === 'key-near-budget');
    expect(nearBudget?.id).toBe(tight.id);
    expect(nearBudget).toMatchObject({
      reason: null,
      limit: { limit: 'budget', every: 'day', owner: 'key' },
    });
    expect(nearBudget?.limit?.used).toBeGreaterThan((nearBudget?.limit?.max ?? 0) * 0.8);

    const mine = await admin.requests.list({
      query: { keyId: first?.id, accountId: good.id, sort: '-costNanoUsd' },
    });
    expect(mine.total).toBe(3);
  } finally {
    await gateway.close();
  }
});
