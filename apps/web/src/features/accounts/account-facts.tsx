'use client';
// Owns how an account is set up, fact by fact.
import type { Account } from '@crs/shared';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { RelativeTime } from '@/components/ui/time';
import { useKindTexts } from '@/lib/account-kinds';
import { clientName } from '@/lib/client-names';
import { links } from '@/lib/paths';
import { useAllGroups } from '@/lib/upstream';
import { useFormat } from '@/lib/use-format';
import { Part } from './part';
import { proxyAddress } from './proxy-values';
import { useHoursWords } from './use-hours-words';

export function AccountFacts({ account }: { account: Account }) {
  const t = useTranslations('accounts');
  const texts = useKindTexts();
  const format = useFormat();
  const hours = useHoursWords();
  const mapped = Object.entries(account.models.map);
  return (
    <Part title={t('setup')}>
      <dl className="divide-y divide-line">
        {Object.entries(account.settings).map(([name, value]) => (
          <Fact key={name} label={texts.field(account.kind, name)}>
            <Setting value={value} word={texts.option(name, value)} />
          </Fact>
        ))}
        {account.proxy !== null && (
          <Fact label={t('sections.proxy')}>
            <code className="break-all font-mono text-xs">{proxyAddress(account.proxy)}</code>
            {account.proxy.hasPassword && (
              <span className="text-muted text-xs">{` ${t('proxy.stored')}`}</span>
            )}
          </Fact>
        )}
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
        <Fact label={t('fields.allow')}>
          {account.models.allow.length === 0 ? (
            t('summary.allModels')
          ) : (
            <code className="break-all font-mono text-xs">{account.models.allow.join(', ')}</code>
          )}
        </Fact>
        {mapped.length > 0 && (
          <Fact label={t('fields.map')}>
            <Pairs pairs={mapped} />
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
        {account.serviceHours.length > 0 && (
          <Fact label={t('fields.serviceHours')}>{hours.all(account.serviceHours)}</Fact>
        )}
        {account.pausedUntil !== null && (
          <Fact label={t('fields.pausedUntil')}>{format.exactTime(account.pausedUntil)}</Fact>
        )}
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

/** A setting in a word where there is one, else as it is stored; a table of pairs row by row. */
function Setting({ value, word }: { value: unknown; word: string | null }) {
  if (word !== null) return word;
  if (value === '') return <span className="text-muted">{'–'}</span>;
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return <Pairs pairs={Object.entries(value).map(([from, to]) => [from, String(to)])} />;
  }
  return (
    <code className="break-all font-mono text-xs">
      {typeof value === 'string' ? value : JSON.stringify(value)}
    </code>
  );
}

function Pairs({ pairs }: { pairs: readonly (readonly [string, string])[] }) {
  if (pairs.length === 0) return <span className="text-muted">{'–'}</span>;
  return (
    <ul className="font-mono text-xs">
      {pairs.map(([from, to]) => (
        <li key={from} className="break-all">{`${from} → ${to}`}</li>
      ))}
    </ul>
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
          className="rounded-[4px] text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:inline-block max-sm:py-1"
        >
          {groups?.find((group) => group.id === id)?.name ?? id}
        </Link>
      ))}
    </span>
  );
}
