'use client';
// Owns the details of one group: its members with their share of the traffic, the keys bound to it; a chunk of its own.
import type { AccountStatus, Group } from '@crs/shared';
import { Pencil, Trash2 } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { type ReactNode, useId, useState } from 'react';
import { StatusText, type Tone } from '@/components/ui/badge';
import { Button, LinkButton } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Sheet } from '@/components/ui/dialog';
import { ProgressBar } from '@/components/ui/progress-bar';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { Countdown } from '@/components/ui/time';
import { useAccountKinds } from '@/lib/account-kinds';
import { links } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';
import { KeyLinks } from '@/components/keys/key-links';
import { MemberActions } from './member-actions';
import { memberShares } from './member-shares';
import { useBoundKeys, useGroup, useMembers } from './use-groups';

interface GroupSheetProps {
  id: string;
  canManage: boolean;
  onClose: () => void;
  onEdit: (group: Group) => void;
  onDelete: (group: Group) => void;
}

const tones: Record<AccountStatus, Tone> = {
  ready: 'ok',
  cooling: 'warn',
  limited: 'warn',
  'needs-login': 'bad',
  blocked: 'bad',
  disabled: 'neutral',
};

export default function GroupSheet({ id, canManage, onClose, onEdit, onDelete }: GroupSheetProps) {
  const t = useTranslations('groups');
  const { data: group, error, refetch } = useGroup(id);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={group?.name ?? t('details')}
      {...(group !== undefined && group.description !== '' && { description: group.description })}
      {...(canManage &&
        group !== undefined && {
          footer: (
            <>
              <Button
                variant="dangerGhost"
                icon={<Trash2 aria-hidden />}
                onClick={() => onDelete(group)}
                className="sm:mr-auto"
              >
                {t('delete')}
              </Button>
              <Button variant="primary" icon={<Pencil aria-hidden />} onClick={() => onEdit(group)}>
                {t('edit')}
              </Button>
            </>
          ),
        })}
    >
      {group === undefined && error !== null && (
        <ErrorState title={t('detailsFailed')} error={error} onRetry={() => void refetch()} />
      )}
      {group === undefined && error === null && <Skeleton className="h-64 w-full" />}
      {group !== undefined && (
        <div className="flex flex-col gap-6">
          <Part title={t('columns.members')}>
            <Members groupId={id} canManage={canManage} />
          </Part>
          <Part title={t('columns.boundKeys')}>
            <BoundKeys groupId={id} />
          </Part>
        </div>
      )}
    </Sheet>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="min-w-0">
      <h3 id={id} className="mb-2 font-semibold text-sm">
        {title}
      </h3>
      {children}
    </section>
  );
}

function Members({ groupId, canManage }: { groupId: string; canManage: boolean }) {
  const t = useTranslations('groups');
  const states = useTranslations('accounts');
  const format = useFormat();
  const kinds = useAccountKinds();
  const { data, error, refetch } = useMembers(groupId);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-24 w-full" />;
    return <ErrorState title={t('accountsFailed')} error={error} onRetry={() => void refetch()} />;
  }
  if (data.length === 0) return <p className="text-muted text-sm">{t('noMembers')}</p>;
  // Whoever left meanwhile is not acted upon.
  const selected = data.filter(({ id }) => chosen.has(id)).map(({ id }) => id);
  const isAll = selected.length === data.length;
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-start justify-between gap-2">
        {canManage && (
          <span className="flex items-start gap-2.5 pl-3">
            <Checkbox
              aria-label={t('many.selectAll')}
              checked={isAll}
              indeterminate={!isAll && selected.length > 0}
              onChange={(checked) => setChosen(new Set(checked ? data.map(({ id }) => id) : []))}
              className="mt-1.5"
            />
            <MemberActions
              groupId={groupId}
              selected={selected}
              onDone={(left) => setChosen(new Set(left))}
            />
          </span>
        )}
        <LinkButton size="sm" href={links.accountsOfGroup(groupId)}>
          {t('many.openMembers')}
        </LinkButton>
      </div>
      <ul className="divide-y divide-line rounded-card border border-line">
        {memberShares(data).map(({ account, share }) => (
          <li key={account.id} className="flex flex-col gap-1.5 px-3 py-2 text-sm">
            <div className="flex flex-wrap items-baseline justify-between gap-x-3">
              <span className="min-w-0">
                {canManage && (
                  <Checkbox
                    aria-label={t('many.select', { name: account.name })}
                    checked={chosen.has(account.id)}
                    onChange={(checked) => {
                      const next = new Set(chosen);
                      if (checked) next.add(account.id);
                      else next.delete(account.id);
                      setChosen(next);
                    }}
                    className="mr-2.5 -translate-y-px"
                  />
                )}
                <Link
                  href={links.accountView(account)}
                  className="rounded-[4px] text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:inline-block max-sm:py-1"
                >
                  {account.name}
                </Link>
                <span className="text-muted text-xs">
                  {` · ${kinds.label(account.kind)} · ${t('priority', { priority: account.priority })}`}
                </span>
              </span>
              <StatusText tone={tones[account.status]}>
                {states(`status.${account.status}`)}
                {account.until !== null && <Countdown at={account.until} />}
              </StatusText>
            </div>
            <div className="flex items-center gap-3 text-xs">
              <ProgressBar
                share={share ?? 0}
                tone="accent"
                label={t('shareOf', { name: account.name })}
                className="flex-1"
              />
              <span className="shrink-0 text-muted">
                {t('today', {
                  requests: format.count(account.usage.today.requests),
                  cost: format.money(account.usage.today.costNanoUsd),
                })}
              </span>
              <span className="w-10 shrink-0 text-right">
                {share === null ? '–' : format.percent(share, 0)}
              </span>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

function BoundKeys({ groupId }: { groupId: string }) {
  const t = useTranslations('groups');
  const { data, error, refetch } = useBoundKeys(groupId);
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-16 w-full" />;
    return <ErrorState title={t('keysFailed')} error={error} onRetry={() => void refetch()} />;
  }
  if (data.length === 0) return <p className="text-muted text-sm">{t('noKeys')}</p>;
  return <KeyLinks keys={data} />;
}
