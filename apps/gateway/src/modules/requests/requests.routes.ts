// Owns the admin API of relayed requests.
import type { requestRoutes } from '@crs/shared';
import type { Handlers } from '../../entry/handlers.ts';
import type { Requests } from './requests.service.ts';

export function requestHandlers(dependencies: {
  readonly requests: Requests;
}): Handlers<typeof requestRoutes> {
  const { requests } = dependencies;
  return {
    list: async ({ query }) => {
      const { items, total } = await requests.list(query);
      return { items, total, page: query.page, pageSize: query.pageSize };
    },
    get: ({ params }) => requests.detail(params.id),
  };
}
