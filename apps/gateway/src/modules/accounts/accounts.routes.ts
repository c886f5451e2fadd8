// Owns the admin API of upstream accounts: what is asked, what is answered, what goes to the audit log.
import type {
  Account,
  AccountHealthView,
  AccountHistory,
  accountRoutes,
  Bind,
  usageSummarySchema,
} from '@crs/shared';
import type { z } from 'zod';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import { batchAnswer } from '../../platform/batch.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Accounts } from './accounts.service.ts';
import { type AccountOutcome, resultOf } from './batch.ts';
import type { AccountDocument } from './document.ts';
import { type QuarterFigures, quarterStarts, quartersOf } from './health-quarters.ts';
import type { AccountQuery, AccountView } from './list.ts';

type UsageSummary = z.output<typeof usageSummarySchema>;

export interface AccountHandlersDependencies {
  readonly accounts: Accounts;
  readonly clock: Clock;
  /** Figures of each account, in the order of the ids. */
  figuresOf(ids: string[]): Promise<UsageSummary[]>;
  /** Names of the keys outside the trash that are bound to each account, in the order of the ids. */
  keysBoundTo(accountIds: string[]): Promise<string[][]>;
  /** What a key is bound to. Throws `not_found`. */
  bindsOf(keyId: string): Promise<readonly Bind[]>;
  /** What an account did in the quarters of an hour that begin then, in their order. */
  quartersOf(accountId: string, startsMs: readonly number[]): Promise<QuarterFigures[]>;
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
  const list = async ({ keyId, ...query }: AccountQuery & { keyId?: string | undefined }) => {
    const binds = keyId === undefined ? undefined : await dependencies.bindsOf(keyId);
    const bound = binds && {
      accountIds: binds.flatMap((bind) => ('accountId' in bind ? [bind.accountId] : [])),
      groupIds: binds.flatMap((bind) => ('groupId' in bind ? [bind.groupId] : [])),
    };
    const { views, total } = await accounts.list({ ...query, bound }, async (ids, figure) =>
      (await dependencies.figuresOf(ids)).map(({ today }) => today[figure]),
    );
    return { items: await answerAll(views), total, page: query.page, pageSize: query.pageSize };
  };
  const update = async (
    { kind, id }: { kind: string; id: string },
    body: Parameters<Accounts['update']>[2],
    context: AdminContext,
  ): Promise<Account> => {
    const { before, after, isCredentialChanged } = await accounts.update(
      kind,
      id,
      body,
      context.user.username,
    );
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
    updateMany: async ({ body }, context) => {
      const outcomes = await accounts.updateMany(body, context.user.username);
      if (!body.dryRun) noteAll(context, 'account.update', outcomes);
      return batchAnswer(
        outcomes.map((outcome) => resultOf(outcome, false)),
        body.dryRun,
      );
    },
    removeMany: async ({ body: { ids } }, context) => {
      const outcomes = await accounts.removeMany(ids, await dependencies.keysBoundTo(ids));
      noteAll(context, 'account.delete', outcomes);
      return batchAnswer(
        outcomes.map((outcome) => resultOf(outcome, true)),
        false,
      );
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
      const { document, result } = await accounts.test(
        params.kind,
        params.id,
        body.model ?? null,
        context.user.username,
      );
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
      const { id: userId, username } = context.user;
      const answerOfVendor = { state, code, userId, username };
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
      const nowMs = clock.now();
      const { document, standing } = view;
      const [past, figures] = await Promise.all([
        accounts.past(document.id),
        dependencies.quartersOf(document.id, quarterStarts(nowMs)),
      ]);
      const quarters = quartersOf({
        past,
        figures,
        status: standing.status,
        createdAtMs: Date.parse(document.createdAt),
        isOffAt: (atMs) => accounts.isOffHours(document, atMs),
        nowMs,
      });
      return {
        ...standingOf(view, nowMs),
        failures: view.failures,
        quarters,
        errors: past.errors.map(({ atMs, ...error }) => ({ at: new Date(atMs).toISOString(), ...error })),
        changes: past.changes.map(({ atMs, untilMs: _untilMs, ...change }) => ({
          at: new Date(atMs).toISOString(),
          ...change,
        })),
      };
    },
    reset: async ({ params }, context) => {
      const document = await accounts.reset(params.kind, params.id, context.user.username);
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
function standingOf(
  view: AccountView,
  nowMs: number,
): Omit<AccountHealthView, 'failures' | keyof AccountHistory> {
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

/** Each account that was changed, by itself. */
function noteAll(context: AdminContext, action: string, outcomes: readonly AccountOutcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.type === 'refused') continue;
    const { before, after, changes } = outcome;
    if (action === 'account.delete') context.audit(action, targetOf(before), forAudit(before));
    else if (after.version !== before.version)
      context.audit(action, targetOf(after), forAudit(before), forAudit(after));
    if (changes.some(({ field }) => field === 'health')) context.audit('account.reset', targetOf(after));
  }
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
