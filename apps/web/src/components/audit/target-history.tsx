'use client';
// Owns what was done to one key or account, newest first, with the way to the whole audit trail; for administrators.
import type { AuditEntry } from '@crs/shared';
import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { RelativeTime } from '@/components/ui/time';
import { callApi } from '@/lib/api';
import { links } from '@/lib/paths';

const SHOWN = 8;
/** Follow from every change. */
const silentFields = new Set(['version', 'editVersion']);

interface TargetHistoryProps {
  type: 'key' | 'account';
  id: string;
  /** Rises with every change. */
  version: number;
}

export function TargetHistory({ type, id, version }: TargetHistoryProps) {
  const t = useTranslations('audit.history');
  const { data, error, isFetching, refetch } = useQuery({
    // A change is one act more.
    queryKey: ['audit', type, id, version],
    queryFn: ({ signal }) =>
      callApi((client) =>
        client.audit.list({ query: { targetType: type, targetId: id, pageSize: SHOWN } }, { signal }),
      ),
  });
  if (data === undefined) {
    return error !== null && !isFetching ? (
      <ErrorState title={t('historyFailed')} error={error} onRetry={() => void refetch()} className="py-6!" />
    ) : (
      <Skeleton className="h-32 w-full" />
    );
  }
  if (data.items.length === 0) return <p className="text-muted text-sm">{t('noHistory')}</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {data.items.map((entry) => (
          <Act key={entry.id} entry={entry} />
        ))}
      </ul>
      {data.total > SHOWN && (
        <Link
          href={links.audit(id)}
          className="mt-2 inline-block rounded-[4px] text-accent-text text-sm underline decoration-accent-line underline-offset-3 hover:decoration-current"
        >
          {t('wholeHistory', { count: data.total })}
        </Link>
      )}
    </>
  );
}

function Act({ entry: { at, actor, action, changes } }: { entry: AuditEntry }) {
  const t = useTranslations('audit.history');
  const audit = useTranslations('audit');
  const name = `actions.${action}`;
  const fields = changes.map(({ path }) => path).filter((path) => !silentFields.has(path));
  return (
    <li className="py-1.5 text-sm">
      <p className="flex items-baseline justify-between gap-3">
        <span className="min-w-0 truncate font-medium">
          {audit.has(name as never) ? audit(name as never) : action}
        </span>
        <RelativeTime at={at} className="shrink-0 text-muted text-xs" />
      </p>
      <p className="truncate text-muted text-xs">
        {actor === null ? audit('gateway') : actor.username}
        {action.endsWith('.update') && fields.length > 0 && ` · ${fields.join(', ')}`}
        {action.endsWith('.update') && fields.length === 0 && ` · ${t('noFields')}`}
      </p>
    </li>
  );
}
