// Owns the admin API of relayed requests.
import type { requestRoutes } from '@crs/shared';
import type { Handlers } from '../../entry/handlers.ts';
import type { Clock } from '../../platform/clock.ts';
import { csv } from '../../platform/csv.ts';
import type { RequestRecord } from '../usage/index.ts';
import { csvHead, csvRow } from './csv.ts';
import type { RequestServices } from './index.ts';

export function requestHandlers({
  requests,
  live,
  captures,
  clock,
}: RequestServices & { readonly clock: Clock }): Handlers<typeof requestRoutes> {
  return {
    list: async ({ query }) => {
      const { items, total } = await requests.list(query);
      return { items, total, page: query.page, pageSize: query.pageSize };
    },
    histogram: ({ query }) => requests.histogram(query),
    live: ({ query }) => ({ pieces: live.watch(query) }),
    export: async ({ query }) => {
      const found = await requests.export(query);
      return { name: fileName(clock.now()), type: 'text/csv', pieces: csv(csvHead, rowsOf(found)) };
    },
    get: ({ params }) => requests.detail(params.id),
    bodies: async ({ params }, context) => {
      const bodies = await captures.read(params.id);
      context.audit('request.read_bodies', { type: 'request', id: params.id, name: null });
      return bodies;
    },
    deleteBodies: async ({ params }, context) => {
      await captures.delete(params.id);
      context.audit('request.delete_bodies', { type: 'request', id: params.id, name: null });
    },
    deleteAllBodies: async ({ query }, context) => {
      const keyId = query.keyId ?? null;
      const deleted = await captures.deleteAll(keyId);
      const target =
        keyId === null ? { type: 'bodies', id: 'all', name: null } : { type: 'key', id: keyId, name: null };
      context.audit('request.delete_bodies', target, undefined, { requests: deleted });
      return { deleted };
    },
  };
}

function fileName(nowMs: number): string {
  return `requests-${new Date(nowMs).toISOString().slice(0, 19).replaceAll(':', '-')}.csv`;
}

async function* rowsOf(found: AsyncIterable<readonly RequestRecord[]>) {
  for await (const records of found) yield records.map(csvRow);
}
