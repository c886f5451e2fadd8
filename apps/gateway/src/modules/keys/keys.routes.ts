// Owns the admin API of relay keys: what is asked, what is answered, what goes to the audit log.
import type { Key, keyRoutes, LimitState, usageSummarySchema } from '@crs/shared';
import type { z } from 'zod';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import type { Clock } from '../../platform/clock.ts';
import type { KeyDocument } from './document.ts';
import { keyAnswer } from './key-answer.ts';
import type { KeyChange, Keys, KeyView } from './keys.service.ts';

type UsageSummary = z.output<typeof usageSummarySchema>;

export interface KeyHandlersDependencies {
  readonly keys: Keys;
  readonly clock: Clock;
  /** Figures of each key, in the order of the ids. */
  figuresOf(ids: string[]): Promise<UsageSummary[]>;
  /** How full the limits of each key and its owner are, in the order of the keys. */
  limitStates(keys: readonly KeyDocument[]): Promise<LimitState[][]>;
}

export function keyHandlers(dependencies: KeyHandlersDependencies): Handlers<typeof keyRoutes> {
  const { keys, clock } = dependencies;
  const answerAll = async (views: readonly KeyView[]): Promise<Key[]> => {
    const ids = views.map(({ key }) => key.id);
    const [figures, states] = await Promise.all([
      dependencies.figuresOf(ids),
      dependencies.limitStates(views.map(({ key }) => key)),
    ]);
    return views.map((view, index) => {
      const usage = figures[index];
      if (usage === undefined) throw new Error('figuresOf has to answer every id');
      return keyAnswer(view, usage, states[index] ?? [], clock.now());
    });
  };
  const answerOne = async (view: KeyView): Promise<Key> => {
    const [key] = await answerAll([view]);
    if (key === undefined) throw new Error('one key in, one answer out');
    return key;
  };
  const change = async ({ after }: KeyChange): Promise<Key> => {
    const [view] = await keys.view([after]);
    return answerOne(view ?? { key: after, activatedAtMs: null, lastUsedAtMs: null });
  };
  const update = async (
    id: string,
    body: Parameters<Keys['update']>[1],
    context: AdminContext,
  ): Promise<Key> => {
    const made = await keys.update(id, body);
    note(context, 'key.update', made.after, made);
    return change(made);
  };
  return {
    list: async ({ query }) => {
      const { views, total } = await keys.list(query);
      return { items: await answerAll(views), total, page: query.page, pageSize: query.pageSize };
    },
    deleted: async ({ query }) => {
      const { views, total } = await keys.listDeleted(query);
      return { items: await answerAll(views), total, page: query.page, pageSize: query.pageSize };
    },
    tags: async () => ({ items: await keys.tags() }),
    get: async ({ params }) => answerOne(await keys.get(params.id)),
    create: async ({ body }, context) => {
      const { key, secret } = await keys.create(body);
      note(context, 'key.create', key, { after: key });
      return { key: await answerOne({ key, activatedAtMs: null, lastUsedAtMs: null }), secret };
    },
    replace: async ({ params, body }, context) => update(params.id, body, context),
    update: async ({ params, body }, context) => update(params.id, body, context),
    remove: async ({ params }, context) => {
      const made = await keys.remove(params.id, context.user.username);
      note(context, 'key.delete', made.after, made);
    },
    restore: async ({ params }, context) => {
      const made = await keys.restore(params.id);
      note(context, 'key.restore', made.after, made);
      return change(made);
    },
    purge: async ({ params }, context) => {
      const key = await keys.purge(params.id);
      note(context, 'key.purge', key, { before: key });
    },
  };
}

function note(
  context: AdminContext,
  action: string,
  key: KeyDocument,
  { before, after }: { before?: KeyDocument; after?: KeyDocument },
): void {
  const target = { type: 'key', id: key.id, name: key.name };
  context.audit(action, target, before && forAudit(before), after && forAudit(after));
}

/** What an administrator set and sees; the hash of the secret stays out of the log. */
function forAudit(key: KeyDocument): Omit<KeyDocument, 'secretHash' | 'updatedAt'> {
  const { secretHash: _secretHash, updatedAt: _updatedAt, ...shown } = key;
  return shown;
}
