// Owns the admin API of upstream accounts: what is asked, what is answered, what goes to the audit log.
import type { Account, AccountHealthView, accountRoutes, usageSummarySchema } from '@crs/shared';
import type { z } from 'zod';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Accounts } from './accounts.service.ts';
import type { AccountDocument } from './document.ts';
import type { AccountQuery, AccountView } from './list.ts';

type UsageSummary = z.output<typeof usageSummarySchema>;

export interface AccountHandlersDependencies {
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** Figures of each account, in the order of the ids. */
  figuresOf(ids: string[]): Promise<UsageSummary[]>;
  /** Names of the keys outside the trash that are bound to each account, in the order of the ids. */
  keysBoundTo(accountIds: string[]): Promise<string[][]>;
}

export function accountHandlers(dependencies: AccountHandlersDependencies): Handlers<typeof accountRoutes> {
  const { accounts, clock } = dependencies;
  const answerAll = async (views: readonly AccountView[]): Promise<Account[]> => {
    const ids = views.map(({ document }) => document.id);
    const [figures, bound] = await Promise.all([dependencies.figuresOf(ids), dependencies.keysBoundTo(ids)]);
    return views.map((view, index) => {
      const usage = figures[index];
      if (usage === undefined) throw new Error('figuresOf has to answer every id');
      return answer(view, usage, bound[index]?.length ?? 0, clock.now());
    });
  };
  const answerOne = async (view: AccountView): Promise<Account> => {
    const [account] = await answerAll([view]);
    if (account === undefined) throw new Error('one account in, one answer out');
    return account;
  };
  const list = async (query: AccountQuery) => {
    const { views, total } = await accounts.list(query);
    return { items: await answerAll(views), total, page: query.page, pageSize: query.pageSize };
  };
  const update = async (
    { kind, id }: { kind: string; id: string },
    body: Parameters<Accounts['update']>[2],
    context: AdminContext,
  ): Promise<Account> => {
    const { before, after, isCredentialChanged } = await accounts.update(kind, id, body);
    const changed = isCredentialChanged ? { credential: 'changed' } : {};
    context.audit('account.update', targetOf(after), forAudit(before), { ...forAudit(after), ...changed });
    return answerOne(await accounts.view(after));
  };
  return {
    list: ({ query }) => list(query),
    listKind: ({ params, query }) => list({ ...query, kind: params.kind }),
    kinds: () => ({ items: accounts.kinds() }),
    get: async ({ params }) => answerOne(await accounts.get(params.kind, params.id)),
    create: async ({ params, body }, context) => {
      const document = await accounts.create(params.kind, body);
      context.audit('account.create', targetOf(document), undefined, forAudit(document));
      return answerOne(await accounts.view(document));
    },
    replace: ({ params, body }, context) => update(params, body, context),
    update: ({ params, body }, context) => update(params, body, context),
    remove: async ({ params }, context) => {
      const { document: known } = await accounts.get(params.kind, params.id);
      const [bound = []] = await dependencies.keysBoundTo([known.id]);
      const document = await accounts.remove(params.kind, params.id, bound);
      context.audit('account.delete', targetOf(document), forAudit(document));
    },
    test: async ({ params, body }, context) => {
      const { document, result } = await accounts.test(params.kind, params.id, body.model ?? null);
      const { ok, status, model } = result;
      context.audit('account.test', targetOf(document), undefined, { ok, status, model });
      return result;
    },
    authUrl: async ({ params, body }, { user }) => {
      const { url, state, expiresAtMs } = await accounts.beginLogin(params.kind, {
        ...body,
        userId: user.id,
      });
      return { url, state, expiresAt: new Date(expiresAtMs).toISOString() };
    },
    exchange: async ({ params, body: { state, code, ...fields } }, context) => {
      const answerOfVendor = { state, code, userId: context.user.id };
      const { document, before } = await accounts.endLogin(params.kind, answerOfVendor, fields);
      if (before === null) context.audit('account.create', targetOf(document), undefined, forAudit(document));
      else
        context.audit('account.update', targetOf(document), forAudit(before), {
          ...forAudit(document),
          credential: 'changed',
        });
      return answerOne(await accounts.view(document));
    },
    refresh: async ({ params }, context) => {
      const document = await accounts.renewNow(params.kind, params.id);
      context.audit('account.refresh', targetOf(document));
      return answerOne(await accounts.view(document));
    },
    health: async ({ params }) => {
      const view = await accounts.get(params.kind, params.id);
      return { ...standingOf(view, clock.now()), failures: view.failures };
    },
    reset: async ({ params }, context) => {
      const document = await accounts.reset(params.kind, params.id);
      context.audit('account.reset', targetOf(document));
      return answerOne(await accounts.view(document));
    },
  };
}

function answer(view: AccountView, usage: UsageSummary, boundKeys: number, nowMs: number): Account {
  const {
    credentialSealed: _credentialSealed,
    credentialAt: _credentialAt,
    proxyPasswordSealed,
    isDiscovered: _isDiscovered,
    editVersion: _editVersion,
    proxy,
    ...document
  } = view.document;
  return {
    ...document,
    ...standingOf(view, nowMs),
    proxy: proxy && { ...proxy, hasPassword: proxyPasswordSealed !== null },
    subscription: view.subscription,
    boundKeys,
    usage,
  };
}

/** What is known of it at this moment. */
function standingOf(view: AccountView, nowMs: number): Omit<AccountHealthView, 'failures'> {
  const { status, reason, untilMs } = view.standing;
  return {
    status,
    reason,
    until: isoTime(untilMs),
    families: Object.fromEntries(
      view.families.map(([family, rest]) => [
        family,
        { until: new Date(rest.untilMs).toISOString(), reason: rest.reason },
      ]),
    ),
    windows: view.windows.map(({ name, utilization, resetsAtMs }) => {
      // What was used of a window that has ended says nothing of the next one.
      const isOver = resetsAtMs !== null && resetsAtMs <= nowMs;
      return {
        name,
        utilization: isOver ? null : utilization,
        resetsAt: isOver ? null : isoTime(resetsAtMs),
      };
    }),
    inFlight: view.inFlight,
    login: view.login && {
      expiresAt: isoTime(view.login.expiresAtMs),
      isRenewable: view.login.isRenewable,
    },
    lastUsedAt: isoTime(view.lastUsedAtMs),
  };
}

function isoTime(epochMs: number | null): string | null {
  return epochMs === null ? null : new Date(epochMs).toISOString();
}

function targetOf({ id, name }: AccountDocument): { type: string; id: string; name: string } {
  return { type: 'account', id, name };
}

/** What an administrator set and sees; the credential stays out of the log in any form. */
function forAudit(
  document: AccountDocument,
): Omit<AccountDocument, 'credentialSealed' | 'credentialAt' | 'proxyPasswordSealed' | 'updatedAt'> {
  const {
    credentialSealed: _credentialSealed,
    credentialAt: _credentialAt,
    proxyPasswordSealed: _proxyPasswordSealed,
    updatedAt: _updatedAt,
    ...shown
  } = document;
  return shown;
}
