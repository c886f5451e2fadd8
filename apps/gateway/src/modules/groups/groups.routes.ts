// Owns the admin API of account groups: what is asked, what is answered, what goes to the audit log.
import type { Group, groupRoutes } from '@crs/shared';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import type { Groups, GroupView } from './groups.service.ts';

export interface GroupHandlersDependencies {
  readonly groups: Groups;
  /** Names of the keys outside the trash that are bound to each group, in the order of the ids. */
  keysBoundTo(groupIds: string[]): Promise<string[][]>;
}

export function groupHandlers(dependencies: GroupHandlersDependencies): Handlers<typeof groupRoutes> {
  const { groups } = dependencies;
  const answerAll = async (views: readonly GroupView[]): Promise<Group[]> => {
    const bound = await dependencies.keysBoundTo(views.map(({ group }) => group.id));
    return views.map(({ group, accountIds }, index) => ({
      ...group,
      accountIds,
      boundKeys: bound[index]?.length ?? 0,
    }));
  };
  const answerOne = async (view: GroupView): Promise<Group> => {
    const [group] = await answerAll([view]);
    if (group === undefined) throw new Error('one group in, one answer out');
    return group;
  };
  const update = async (
    id: string,
    body: Parameters<Groups['update']>[1],
    context: AdminContext,
  ): Promise<Group> => {
    const { before, after } = await groups.update(id, body);
    context.audit('group.update', targetOf(after), forAudit(before), forAudit(after));
    return answerOne(after);
  };
  return {
    list: async ({ query }) => {
      const { views, total } = await groups.list(query);
      return { items: await answerAll(views), total, page: query.page, pageSize: query.pageSize };
    },
    get: async ({ params }) => answerOne(await groups.get(params.id)),
    create: async ({ body }, context) => {
      const view = await groups.create(body);
      context.audit('group.create', targetOf(view), undefined, forAudit(view));
      return answerOne(view);
    },
    replace: ({ params, body }, context) => update(params.id, body, context),
    update: ({ params, body }, context) => update(params.id, body, context),
    remove: async ({ params }, context) => {
      await groups.get(params.id);
      const [bound = []] = await dependencies.keysBoundTo([params.id]);
      const view = await groups.remove(params.id, bound);
      context.audit('group.delete', targetOf(view), forAudit(view));
    },
  };
}

function targetOf({ group }: GroupView): { type: string; id: string; name: string } {
  return { type: 'group', id: group.id, name: group.name };
}

function forAudit({ group, accountIds }: GroupView): object {
  const { updatedAt: _updatedAt, ...shown } = group;
  return { ...shown, accountIds };
}
