'use client';
// Owns all that is known of one request, as the panel and the page of it show it.
import type { RequestDetail } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Skeleton } from '@/components/ui/skeleton';
import { useAccountKinds } from '@/lib/account-kinds';
import { clientName } from '@/lib/client-names';
import { links } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { dialectName } from '@/lib/vendor-names';
import { AttemptList } from './attempt-list';
import { Decision } from './decision';
import { EntryLink } from './entry-link';
import { Part } from './part';
import { PriceTable } from './price-table';
import { RefusalWords } from './refusal';
import { outcomeTones } from './status-cell';
import { TimelineBar } from './timeline-bar';

const BodiesPart = lazy(() => import('./bodies-part'));

export function RequestDetails({ request }: { request: RequestDetail }) {
  const t = useTranslations('requests');
  return (
    <div className="flex flex-col gap-6">
      <Failure request={request} />
      <TimelineBar request={request} />
      <Facts request={request} />
      <PriceTable request={request} />
      <Part title={t('attempts')}>
        <AttemptList attempts={request.attempts} />
      </Part>
      <Part title={t('decision.title')} description={t('decision.help')}>
        <Decision request={request} />
      </Part>
      {request.bodies !== null && <Bodies id={request.id} expiresAt={request.bodies.expiresAt} />}
    </div>
  );
}

/** Only shown on request: whoever reads them is noted in the audit log. */
function Bodies({ id, expiresAt }: { id: string; expiresAt: string }) {
  const t = useTranslations('requests.bodies');
  const format = useFormat();
  const isAdmin = useSession().data?.user.role === 'admin';
  const [shown, setShown] = useState(false);
  return (
    <Part title={t('title')} description={t('help', { time: format.exactTime(expiresAt) })}>
      {shown ? (
        <Suspense fallback={<Skeleton className="h-40 w-full" />}>
          <BodiesPart id={id} onGone={() => setShown(false)} />
        </Suspense>
      ) : isAdmin ? (
        <Button onClick={() => setShown(true)}>{t('show')}</Button>
      ) : (
        <p className="text-muted text-sm">{t('adminsOnly')}</p>
      )}
    </Part>
  );
}

/** What went wrong, in words where the code is the gateway's own. */
function Failure({ request }: { request: RequestDetail }) {
  const t = useTranslations('requests');
  const { errorCode, outcome, attempts } = request;
  if (outcome === 'ok') return null;
  const lastReason = attempts.findLast(({ reason }) => reason !== null)?.reason ?? null;
  const tone = outcomeTones[outcome];
  return (
    <Alert tone={tone === 'bad' || tone === 'warn' ? tone : 'info'} title={t(`explain.${outcome}`)}>
      <RefusalWords timeline={request.timeline} code={errorCode} />
      {lastReason !== null && (
        <p lang="en" className="mt-0.5 font-mono text-xs">
          {lastReason}
        </p>
      )}
      {errorCode !== null && (
        <p className="mt-0.5 text-xs">
          {t('code')} <code className="font-mono">{errorCode}</code>
        </p>
      )}
    </Alert>
  );
}

function Facts({ request }: { request: RequestDetail }) {
  const t = useTranslations('requests');
  const format = useFormat();
  const kinds = useAccountKinds();
  const { keyId, keyName, accountId, accountName, kind, model, servedModel } = request;
  return (
    <dl className="grid gap-x-8 sm:grid-cols-2">
      <Fact label={t('columns.time')}>{format.exactTime(request.at)}</Fact>
      <Fact label={t('columns.client')}>{clientName(request.client)}</Fact>
      <Fact label={t('columns.key')}>
        {keyId === '' ? keyName || '–' : <EntryLink href={links.key(keyId)}>{keyName}</EntryLink>}
      </Fact>
      <Fact label={t('columns.account')}>
        {accountId === null ? '–' : <EntryLink href={links.account(accountId)}>{accountName}</EntryLink>}
      </Fact>
      <Fact label={t('columns.model')}>
        <code className="break-all font-mono text-xs">{model === '' ? '–' : model}</code>
      </Fact>
      <Fact label={t('servedModel')}>
        <code className="break-all font-mono text-xs">{servedModel ?? '–'}</code>
      </Fact>
      <Fact label={t('dialect')}>{dialectName(request.dialect)}</Fact>
      <Fact label={t('columns.operation')}>
        {t.has(`operation.${request.operation}` as never)
          ? t(`operation.${request.operation}` as never)
          : request.operation}
      </Fact>
      <Fact label={t('columns.kind')}>{kind === null ? '–' : kinds.label(kind)}</Fact>
      <Fact label={t('answer')}>{request.stream ? t('streamed') : t('whole')}</Fact>
      <Fact label={t('usageSource')}>
        {request.attempts.length === 0 ? '–' : t(`source.${request.usageSource}`)}
      </Fact>
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-4 border-line border-b py-1 text-sm">
      <dt className="shrink-0 text-muted">{label}</dt>
      <dd className="min-w-0 break-words text-right">{children}</dd>
    </div>
  );
}
