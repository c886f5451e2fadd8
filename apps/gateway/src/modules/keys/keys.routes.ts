// Owns the admin API of relay keys: what is asked, what is answered, what goes to the audit log.
import { type Key, type keyRoutes, type statsQuery, type usageAnswerSchema, XLSX_TYPE } from '@crs/shared';
import type { z } from 'zod';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import { refusal } from '../../platform/batch.ts';
import type { Clock } from '../../platform/clock.ts';
import { csv } from '../../platform/csv.ts';
import { xlsx } from '../../platform/xlsx.ts';
import { batchResult } from './batch-answers.ts';
import type { KeyDocument } from './document.ts';
import { answerAll, forAudit, type KeyAnswerSources } from './key-answers.ts';
import { tableColumns, tableRow, textRow } from './key-table.ts';
import type { BatchOutcome, KeyChange } from './key-writer.ts';
import type { Keys, KeyView } from './keys.service.ts';

export interface KeyHandlersDependencies extends KeyAnswerSources {
  readonly keys: Keys;
  readonly clock: Clock;
  /** As `GET /stats/usage`. */
  statsOf(query: z.output<typeof statsQuery>): Promise<z.input<typeof usageAnswerSchema>>;
}

/** Keys that are read and written at a time for an export. */
const EXPORTED_AT_ONCE = 200;

export function keyHandlers(dependencies: KeyHandlersDependencies): Handlers<typeof keyRoutes> {
  const { keys, clock } = dependencies;
  const answers = (views: readonly KeyView[]): Promise<Key[]> => answerAll(views, dependencies, clock.now());
  const answerOne = async (view: KeyView): Promise<Key> => {
    const [key] = await answers([view]);
    if (key === undefined) throw new Error('one key in, one answer out');
    return key;
  };
  const answerNew = (created: readonly KeyDocument[]): Promise<Key[]> =>
    answers(created.map((key) => ({ key, activatedAtMs: null, lastUsedAtMs: null })));
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
      return { items: await answers(views), total, page: query.page, pageSize: query.pageSize };
    },
    deleted: async ({ query }) => {
      const { views, total } = await keys.listDeleted(query);
      return { items: await answers(views), total, page: query.page, pageSize: query.pageSize };
    },
    export: ({ query: { format, ...query } }) => {
      const name = `keys-${new Date(clock.now()).toISOString().slice(0, 10)}.${format}`;
      const pieces = async function* <Row>(rowOf: (key: Key) => Row): AsyncGenerator<Row[]> {
        for await (const views of keys.all(query, EXPORTED_AT_ONCE)) yield (await answers(views)).map(rowOf);
      };
      return format === 'csv'
        ? {
            name,
            type: 'text/csv',
            pieces: csv(
              tableColumns.map((column) => column.name),
              pieces(textRow),
            ),
          }
        : { name, type: XLSX_TYPE, pieces: xlsx('Keys', tableColumns, pieces(tableRow)) };
    },
    tags: async () => ({ items: await keys.tags() }),
    get: async ({ params }) => answerOne(await keys.get(params.id)),
    stats: async ({ params, query }) => {
      await keys.get(params.id);
      return dependencies.statsOf({ ...query, keyId: params.id });
    },
    create: async ({ body }, context) => {
      const { key, secret } = await keys.create(body);
      note(context, 'key.create', key, { after: key });
      const [answered] = await answerNew([key]);
      if (answered === undefined) throw new Error('one key in, one answer out');
      return { key: answered, secret };
    },
    createMany: async ({ body }, context) => {
      const { created, failed } = await keys.createMany(body);
      const [first] = failed;
      // Nothing was made: then it is a failure like any other.
      if (created.length === 0 && first !== undefined) throw first.error;
      for (const { key } of created) note(context, 'key.create', key, { after: key });
      const answered = await answerNew(created.map(({ key }) => key));
      return {
        items: answered.map((key, index) => ({ key, secret: created[index]?.secret ?? '' })),
        failed: failed.map(({ name, error }) => ({ name, ...refusal(error) })),
      };
    },
    updateMany: async ({ body }, context) => {
      const outcomes = await keys.updateMany(body);
      if (!body.dryRun) noteAll(context, 'key.update', outcomes);
      return batchResult(outcomes, body.dryRun);
    },
    removeMany: async ({ body }, context) => {
      const outcomes = await keys.removeMany(body.ids, context.user.username);
      noteAll(context, 'key.delete', outcomes);
      return batchResult(outcomes, false);
    },
    replace: async ({ params, body }, context) => update(params.id, body, context),
    update: async ({ params, body }, context) => update(params.id, body, context),
    renew: async ({ params, body }, context) => {
      const made = await keys.renew(params.id, body);
      note(context, 'key.renew', made.after, made);
      return change(made);
    },
    rotate: async ({ params, body }, context) => {
      const { secret, ...made } = await keys.rotate(params.id, body.graceSeconds);
      note(context, 'key.rotate', made.after, made);
      return { key: await change(made), secret };
    },
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

/** Each key that was changed, by itself. */
function noteAll(context: AdminContext, action: string, outcomes: readonly BatchOutcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.type === 'done' && outcome.after.version !== outcome.before.version) {
      note(context, action, outcome.after, outcome);
    }
  }
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
