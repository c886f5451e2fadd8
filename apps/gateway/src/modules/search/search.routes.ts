// Owns the one search over everything that has a name: a few of each noun in one answer.
import type { Found, searchRoutes } from '@crs/shared';
import type { Handlers } from '../../entry/handlers.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { Accounts } from '../accounts/index.ts';
import type { Groups } from '../groups/index.ts';
import type { Keys } from '../keys/index.ts';
import type { Requests } from '../requests/index.ts';

const SHOWN_OF_EACH = 5;
/** Of so many, by name, the best are shown. */
const LOOKED_AT = 50;
const REQUEST_ID = /^req_[0-9a-f]{8,}$/i;

export interface SearchDependencies {
  readonly keys: Pick<Keys, 'list'>;
  readonly accounts: Pick<Accounts, 'list'>;
  readonly groups: Pick<Groups, 'list'>;
  readonly requests: Pick<Requests, 'detail'>;
}

export function searchHandlers(dependencies: SearchDependencies): Handlers<typeof searchRoutes> {
  const { keys, accounts, groups, requests } = dependencies;
  const byName = async (text: string): Promise<Found[]> => {
    const query = { search: text, sort: 'name', page: 1, pageSize: LOOKED_AT };
    const [foundKeys, foundAccounts, foundGroups] = await Promise.all([
      keys.list(query),
      accounts.list(query),
      groups.list(query),
    ]);
    return [
      ...best(
        text,
        foundKeys.views.map(({ key }) => ({ kind: 'key', id: key.id, name: key.name, detail: key.hint })),
      ),
      ...best(
        text,
        foundAccounts.views.map(({ document: { id, name, kind } }) => ({
          kind: 'account',
          id,
          name,
          detail: kind,
        })),
      ),
      ...best(
        text,
        foundGroups.views.map(({ group: { id, name } }) => ({ kind: 'group', id, name, detail: '' })),
      ),
    ];
  };
  const request = async (id: string): Promise<Found[]> => {
    try {
      const { keyName, model } = await requests.detail(id);
      return [{ kind: 'request', id, name: id, detail: model ?? keyName ?? '' }];
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'not_found') return [];
      throw error;
    }
  };
  return {
    find: async ({ query: { text } }) => ({
      items: REQUEST_ID.test(text) ? await request(text.toLowerCase()) : await byName(text),
    }),
  };
}

/** The first five of a list in order of names, those first that begin with the text. Pure. */
export function best(text: string, found: readonly Found[]): Found[] {
  const start = text.toLowerCase();
  const begins = ({ name }: Found): boolean => name.toLowerCase().startsWith(start);
  return [...found.filter(begins), ...found.filter((one) => !begins(one))].slice(0, SHOWN_OF_EACH);
}
