// The one search: a few of each noun, best first, and a request by its id.
import { expect, test } from 'vitest';
import { ProblemError } from '../../platform/problem.ts';
import { adminContext } from '../../../test/admin-context.ts';
import { best, searchHandlers } from './search.routes.ts';

const key = (name: string) => ({ kind: 'key' as const, id: name, name, detail: '' });

test('those whose name begins with the text come first, in the order they had, and no more than five', () => {
  const found = ['a zebra', 'Zebra 1', 'b zebra', 'zebra 2', 'zebra 3', 'zebra 4'].map(key);
  expect(best('ZEBRA', found).map(({ name }) => name)).toEqual([
    'Zebra 1',
    'zebra 2',
    'zebra 3',
    'zebra 4',
    'a zebra',
  ]);
});

test('an id of a request is looked up alone; one that is unknown finds nothing, a fault is told', async () => {
  const asked: string[] = [];
  const nobody = () => Promise.reject(new Error('lists are not asked'));
  let fault: Error = new ProblemError('not_found', 'There is no such request.');
  const detail = (id: string): never => {
    asked.push(id);
    throw fault;
  };
  const lists = { keys: { list: nobody }, accounts: { list: nobody }, groups: { list: nobody } };
  const { find } = searchHandlers({ ...lists, requests: { detail } });
  const ask = () =>
    Promise.resolve(
      find(
        { query: { text: 'req_0123456789AB' }, params: {}, body: undefined } as never,
        adminContext().context,
      ),
    );
  expect(await ask()).toEqual({ items: [] });
  expect(asked).toEqual(['req_0123456789ab']);
  fault = new Error('no Redis');
  await expect(ask()).rejects.toThrow('no Redis');
});
