'use client';
// Owns what is known and what is allowed of one key: its limits with live use, its rules, its dates.
import type { Key } from '@crs/shared';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Alert } from '@/components/ui/alert';
import { Badge } from '@/components/ui/badge';
import { CopyButton } from '@/components/ui/copy-button';
import { RelativeTime } from '@/components/ui/time';
import { links } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { bindId, useBindNames } from './bind-names';
import { KeyEnd } from './key-status';
import { LimitList } from '@/components/limits/limit-list';
import { useKeyWords } from './use-key-words';
import { useLimitWords } from '@/components/limits/use-limit-words';

export function KeyDates({ apiKey: key }: { apiKey: Key }) {
  const t = useTranslations('keys.facts');
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3">
      <Fact label={t('hint')}>
        <code className="font-mono text-xs">{key.hint}</code>
      </Fact>
      <Fact label={t('lastUsedAt')}>
        <RelativeTime at={key.lastUsedAt} />
      </Fact>
      <Fact label={t('expiresAt')}>
        <KeyEnd apiKey={key} />
      </Fact>
      <Fact label={t('createdAt')}>
        <RelativeTime at={key.createdAt} />
      </Fact>
      <Fact label={t('updatedAt')}>
        <RelativeTime at={key.updatedAt} />
      </Fact>
      {/* Kept only of keys whose life begins with their first use. */}
      {key.activatedAt !== null && (
        <Fact label={t('activatedAt')}>
          <RelativeTime at={key.activatedAt} />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-muted text-xs">{label}</dt>
      <dd className="truncate text-sm">{children}</dd>
    </div>
  );
}

/** Said while the secret before the last rotation still works. */
export function GraceNote({ apiKey: { previousSecret } }: { apiKey: Key }) {
  const t = useTranslations('keys.rotate');
  if (previousSecret === null) return null;
  return (
    <Alert tone="info" title={t('bothWork')}>
      <code className="font-mono text-xs">{previousSecret.hint}</code>
      {' · '}
      {t('endsAt')} <RelativeTime at={previousSecret.endsAt} />
    </Alert>
  );
}

export function KeyLimits({ limits }: { limits: Key['limits'] }) {
  const t = useTranslations('keys.limits');
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  if (limits.length === 0) return <p className="text-muted text-sm">{t('none')}</p>;
  return <LimitList limits={limits} timeZone={timeZone} />;
}

export function KeyRules({ apiKey: key }: { apiKey: Key }) {
  const t = useTranslations('keys.facts');
  const words = useKeyWords();
  const limitWords = useLimitWords();
  const modes = useTranslations('keys.form.mode');
  const captureWords = ({ request, response }: Key['capture']) => {
    if (request && response) return t('captureBoth');
    if (request) return t('captureRequest');
    return response ? t('captureResponse') : t('captureOff');
  };
  const isMoneyLimited = key.budgets.length > 0 || key.windows.some(({ usd }) => usd !== undefined);
  return (
    <dl className="divide-y divide-line border-line border-y text-sm">
      <Rule label={t('services')}>{words.services(key.permissions)}</Rule>
      <Rule label={t('models')} list={key.models.list}>
        {words.models(key.models)}
      </Rule>
      <Rule label={t('clients')}>{words.clients(key.clients)}</Rule>
      <Rule label={t('addresses')} list={key.ipAllow}>
        {words.addresses(key.ipAllow)}
      </Rule>
      <Rule label={t('routing')}>
        {words.routing(key.binds, key.bindFallback)}
        {key.binds.length > 0 && <Binds binds={key.binds} />}
      </Rule>
      {isMoneyLimited && <Rule label={t('budgetMode')}>{modes(key.budgetMode)}</Rule>}
      {key.queue !== null && <Rule label={t('queue')}>{limitWords.queue(key.queue)}</Rule>}
      {Object.keys(key.rates).length > 0 && <Rule label={t('rates')}>{limitWords.rates(key.rates)}</Rule>}
      <Rule label={t('expiration')}>{words.expiration(key.expiration)}</Rule>
      <Rule label={t('debug')}>{key.debug ? t('debugOn') : t('debugOff')}</Rule>
      <Rule label={t('capture')}>{captureWords(key.capture)}</Rule>
      <Rule label={t('id')}>
        <span className="inline-flex max-w-full items-center gap-1">
          <code className="truncate font-mono text-xs">{key.id}</code>
          <CopyButton text={key.id} label={t('copyId')} />
        </span>
      </Rule>
    </dl>
  );
}

function Binds({ binds }: { binds: Key['binds'] }) {
  const nameOf = useBindNames(binds);
  return (
    <span className="mt-1 flex flex-wrap gap-x-3 gap-y-0.5">
      {binds.map((bind) => (
        <Link
          key={bindId(bind)}
          href={'groupId' in bind ? links.group(bind.groupId) : links.account(bind.accountId)}
          className="rounded-[4px] text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:inline-block max-sm:py-1"
        >
          {nameOf(bind)}
        </Link>
      ))}
    </span>
  );
}

interface RuleProps {
  label: string;
  /** Entries behind the words. */
  list?: readonly string[];
  children: ReactNode;
}

function Rule({ label, list = [], children }: RuleProps) {
  return (
    <div className="grid min-h-9 grid-cols-[128px_1fr] items-baseline gap-x-4 py-1.5 max-sm:grid-cols-[104px_1fr]">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">
        {children}
        {list.length > 0 && (
          <span className="mt-1 flex flex-wrap gap-1">
            {list.map((entry) => (
              <Badge key={entry} className="font-mono">
                {entry}
              </Badge>
            ))}
          </span>
        )}
      </dd>
    </div>
  );
}
