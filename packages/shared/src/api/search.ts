// Owns the contract of the one search over everything that has a name: what the console's palette asks.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';

export const foundKinds = ['key', 'account', 'group', 'request'] as const;

export const searchAnswerSchema = z.object({
  /** At most five of each kind; those whose name begins with the text first. */
  items: z.array(
    z.object({
      kind: z.enum(foundKinds),
      id: z.string(),
      name: z.string(),
      /** What tells it from others of its name: end of the key, kind of the account, model of the request. */
      detail: z.string(),
    }),
  ),
});
export type Found = z.output<typeof searchAnswerSchema>['items'][number];

export const searchRoutes = {
  find: defineRoute({
    method: 'GET',
    path: '/search',
    access: ['admin', 'operator', 'viewer'],
    summary: 'Keys, accounts and groups by a piece of their name, or a request by its whole id',
    query: z.strictObject({ text: z.string().trim().min(2).max(200) }),
    response: searchAnswerSchema,
  }),
};
