'use client';
// Owns the details of one account beside the list; a chunk of its own.
import type { Account } from '@crs/shared';
import { ArrowRightLeft, Pencil, Power, RotateCcw, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId } from 'react';
import { Badge } from '@/components/ui/badge';
import { Button, LinkButton } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Sheet } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { type AccountKinds, useKindTexts } from '@/lib/account-kinds';
import { clientName } from '@/lib/client-names';
import { links } from '@/lib/paths';
import { useCanManage } from '@/lib/session';
import { useAllGroups } from '@/lib/upstream';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { errorShare, openWindows } from './account-figures';
import { HealthBlock } from './account-health';
import { useAccount } from './account-queries';
import { ChangeFailureAlert } from './change-failure';
import { ConnectionTest } from './connection-test';
import { QuotaList } from './quota-windows';
import type { AccountChanges } from './use-account-changes';

interface AccountSheetProps {
  id: string;
  kinds: AccountKinds;
  changes: AccountChanges;
  onClose: () => void;
  onEdit: (account: Account) => void;
  onDelete: (account: Account) => void;
}

export default function AccountSheet({ id, kinds, changes, onClose, onEdit, onDelete }: AccountSheetProps) {
  const t = useTranslations('accounts');
  const canManage = useCanManage();
  const { data: account, error, refetch } = useAccount(id);
  const close = (open: boolean) => !open && onClose();

  if (account === undefined || account === null) {
    return (
      <Sheet open onOpenChange={close} title={t('details')}>
        {account === null && <EmptyState title={t('gone')}>{t('goneHelp')}</EmptyState>}
        {account === undefined && error !== null && (
          <ErrorState title={t('detailsFailed')} error={error} onRetry={() => void refetch()} />
        )}
        {account === undefined && error === null && <Skeleton className="h-64 w-full" />}
      </Sheet>
    );
  }

  return (
    <Sheet
      open
      onOpenChange={close}
      title={account.name}
      aside={<Badge>{kinds.label(account.kind)}</Badge>}
      {...(account.description === '' ? {} : { description: account.description })}
      {...(canManage && {
        footer: (
          <>
            <Button
              variant="dangerGhost"
              icon={<Trash2 />}
              onClick={() => onDelete(account)}
              className="mr-auto"
            >
              {t('delete')}
            </Button>
            <Button icon={<Power />} onClick={() => changes.setEnabled(account, !account.enabled)}>
              {account.enabled ? t('disable') : t('enable')}
            </Button>
            <Button variant="primary" icon={<Pencil />} onClick={() => onEdit(account)}>
              {t('edit')}
            </Button>
          </>
        ),
      })}
    >
      <ChangeFailureAlert changes={changes} />
      <div className="flex flex-col gap-6">
        <HealthBlock
          account={account}
          action={
            canManage &&
            (account.status !== 'ready' || account.reason !== null) &&
            account.status !== 'disabled' && (
              <Button size="sm" icon={<RotateCcw />} onClick={() => void changes.reset(account)}>
                {t('reset')}
              </Button>
            )
          }
        />
        <Figures account={account} />
        <Quota account={account} />
        {canManage && (
          <Part title={t('test.part')}>
            <ConnectionTest key={account.id} account={account} />
          </Part>
        )}
        <Facts account={account} />
      </div>
    </Sheet>
  );
}

function Part({ title, action, children }: { title: string; action?: ReactNode; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <div className="mb-2 flex min-h-7 items-center justify-between gap-3">
        <h3 id={id} className="font-semibold text-sm">
          {title}
        </h3>
        {action}
      </div>
      {children}
    </section>
  );
}

function Quota({ account }: { account: Account }) {
  const t = useTranslations('accounts');
  const open = openWindows(account.windows, useNow(15_000));
  if (open.length === 0) return null;
  return (
    <Part title={t('columns.windows')}>
      <QuotaList windows={open} />
    </Part>
  );
}

function Figures({ account }: { account: Account }) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const { today, total } = account.usage;
  const share = errorShare(today);
  const limit = account.maxConcurrency === 0 ? '' : ` / ${format.count(account.maxConcurrency)}`;
  const figures = [
    [t('columns.requestsToday'), format.count(today.requests), format.count(total.requests)],
    [t('columns.costToday'), format.money(today.costNanoUsd), format.money(total.costNanoUsd)],
    [
      t('tokensToday'),
      format.tokens(today.input + today.cacheWrite5m + today.cacheWrite1h + today.cacheRead + today.output),
      format.tokens(total.input + total.cacheWrite5m + total.cacheWrite1h + total.cacheRead + total.output),
    ],
    [t('columns.errors'), share === null ? '–' : format.percent(share), null],
    [t('columns.inFlight'), `${format.count(account.inFlight)}${limit}`, null],
  ] as const;
  return (
    <Part
      title={t('figures')}
      action={
        <LinkButton size="sm" icon={<ArrowRightLeft />} href={links.requests({ accountId: account.id })}>
          {t('showRequests')}
        </LinkButton>
      }
    >
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-5">
        {figures.map(([label, value, all]) => (
          <div key={label} className="bg-surface px-3 py-2 max-sm:last:col-span-2">
            <dt className="truncate text-muted text-xs" title={label}>
              {label}
            </dt>
            <dd className="font-semibold text-base">{value}</dd>
            {all !== null && <dd className="text-muted text-xs">{t('inTotal', { value: all })}</dd>}
          </div>
        ))}
      </dl>
    </Part>
  );
}

function Facts({ account }: { account: Account }) {
  const t = useTranslations('accounts');
  const texts = useKindTexts();
  const format = useFormat();
  const mapped = Object.entries(account.models.map);
  return (
    <Part title={t('setup')}>
      <dl className="divide-y divide-line">
        {Object.entries(account.settings).map(([name, value]) => (
          <Fact key={name} label={texts.field(account.kind, name)}>
            <code className="break-all font-mono text-xs">
              {typeof value === 'string' ? value : JSON.stringify(value)}
            </code>
          </Fact>
        ))}
        <Fact label={t('fields.priority')}>{account.priority}</Fact>
        <Fact label={t('fields.weight')}>{account.weight}</Fact>
        <Fact label={t('fields.maxConcurrency')}>
          {account.maxConcurrency === 0 ? t('summary.noLimit') : format.count(account.maxConcurrency)}
        </Fact>
        {account.dailyUsd !== null && (
          <Fact label={t('fields.dailyUsd')}>
            {t('dailyUse', {
              spent: format.money(account.usage.today.costNanoUsd),
              limit: format.money(Math.round(account.dailyUsd * 1e9)),
            })}
          </Fact>
        )}
        <Fact label={t('fields.shared')}>
          {account.shared ? t('summary.shared') : t('summary.boundOnly')}
        </Fact>
        {account.groupIds.length > 0 && (
          <Fact label={t('columns.groups')}>
            <Groups groupIds={account.groupIds} />
          </Fact>
        )}
        <Fact label={t('boundKeysLabel')}>{format.count(account.boundKeys)}</Fact>
        {account.subscription !== null && <Fact label={t('subscription')}>{account.subscription}</Fact>}
        <Fact label={t('fields.allow')}>
          {account.models.allow.length === 0 ? (
            t('summary.allModels')
          ) : (
            <code className="break-all font-mono text-xs">{account.models.allow.join(', ')}</code>
          )}
        </Fact>
        {mapped.length > 0 && (
          <Fact label={t('fields.map')}>
            <ul className="font-mono text-xs">
              {mapped.map(([from, to]) => (
                <li key={from} className="break-all">{`${from} → ${to}`}</li>
              ))}
            </ul>
          </Fact>
        )}
        <Fact label={t('fields.clients')}>
          {account.clients.length === 0
            ? t('summary.allClients')
            : account.clients.map(clientName).join(', ')}
        </Fact>
        <Fact label={t('fields.expiresAt')}>
          {account.expiresAt === null ? t('summary.noEnd') : format.exactTime(account.expiresAt)}
        </Fact>
        <Fact label={t('columns.lastUsed')}>
          <RelativeTime at={account.lastUsedAt} />
        </Fact>
        <Fact label={t('createdAt')}>{format.exactTime(account.createdAt)}</Fact>
        <Fact label={t('updatedAt')}>{format.exactTime(account.updatedAt)}</Fact>
        <Fact label={t('id')}>
          <span className="inline-flex items-center gap-1">
            <code className="break-all font-mono text-xs">{account.id}</code>
            <CopyButton text={account.id} label={t('copyId')} />
          </span>
        </Fact>
      </dl>
    </Part>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-6 py-1 text-sm">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 text-right">{children}</dd>
    </div>
  );
}

function Groups({ groupIds }: Pick<Account, 'groupIds'>) {
  const groups = useAllGroups().data;
  return (
    <span className="flex flex-wrap justify-end gap-x-3">
      {groupIds.map((id) => (
        <Link
          key={id}
          href={links.group(id)}
          className="rounded-[4px] text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current"
        >
          {groups?.find((group) => group.id === id)?.name ?? id}
        </Link>
      ))}
    </span>
  );
}
