'use client';
// Owns testing several accounts, two at a time: one small request through each, and its true answer. A chunk of its own.
import type { Account, api, RouteResult } from '@crs/shared';
import { CircleAlert, CircleCheck } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { Spinner } from '@/components/ui/spinner';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { useFormat } from '@/lib/use-format';
import { useFailureName } from './use-failure-name';

interface TestManyProps {
  accounts: readonly Account[];
  /** Health may have changed. */
  onDone: () => void;
  onClose: () => void;
}

type Result = RouteResult<typeof api.accounts.test>;
type Outcome = { result: Result } | { error: unknown } | 'running';

const AT_ONCE = 2;

export default function TestMany({ accounts, onDone, onClose }: TestManyProps) {
  const t = useTranslations('accounts');
  const common = useTranslations('common');
  // The list behind it goes on; what was asked for here stays.
  const [tested] = useState(accounts);
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const isStarted = useRef(false);
  const isClosed = useRef(false);

  useEffect(() => {
    isClosed.current = false;
    if (!isStarted.current) {
      isStarted.current = true;
      const note = (id: string, outcome: Outcome) => setOutcomes((known) => new Map(known).set(id, outcome));
      const waiting = [...tested];
      const next = async (): Promise<void> => {
        const account = isClosed.current ? undefined : waiting.shift();
        if (account === undefined) return;
        note(account.id, 'running');
        try {
          const params = { kind: account.kind, id: account.id };
          note(account.id, {
            result: await callApi((client) => client.accounts.test({ params, body: {} })),
          });
        } catch (error) {
          note(account.id, { error });
        }
        await next();
      };
      void Promise.all(Array.from({ length: AT_ONCE }, next)).then(onDone);
    }
    return () => {
      isClosed.current = true;
    };
  }, [tested, onDone]);

  const ended = [...outcomes.values()].filter((outcome) => outcome !== 'running');
  const good = ended.filter((outcome) => 'result' in outcome && outcome.result.ok).length;
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={t('bulk.testTitle', { count: tested.length })}
      description={t('test.help')}
      footer={<Button onClick={onClose}>{common('close')}</Button>}
    >
      <p aria-live="polite" className="mb-3 text-sm">
        {ended.length < tested.length
          ? t('bulk.testing', { done: ended.length, all: tested.length })
          : t('bulk.tested', { good, bad: tested.length - good })}
      </p>
      <ul className="divide-y divide-line rounded-control border border-line">
        {tested.map((account) => (
          <li key={account.id} className="flex min-h-9 flex-col justify-center px-3 py-1.5 text-sm">
            <TestLine name={account.name} outcome={outcomes.get(account.id)} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function TestLine({ name, outcome }: { name: string; outcome: Outcome | undefined }) {
  const t = useTranslations('accounts');
  const errorText = useErrorText();
  const format = useFormat();
  const failureName = useFailureName();
  const title = <span className="min-w-0 flex-1 truncate font-medium">{name}</span>;
  if (outcome === undefined || outcome === 'running') {
    return (
      <span className="flex items-center gap-3">
        {title}
        {outcome === 'running' ? (
          <Spinner />
        ) : (
          <span className="text-muted text-xs">{t('bulk.testWaits')}</span>
        )}
      </span>
    );
  }
  const isGood = 'result' in outcome && outcome.result.ok;
  const words =
    'error' in outcome
      ? errorText(outcome.error).message
      : outcome.result.ok
        ? `${outcome.result.model} · ${format.duration(outcome.result.latencyMs)}`
        : failureName(outcome.result.error?.code ?? '');
  const detail = 'result' in outcome ? (outcome.result.error?.message ?? null) : null;
  return (
    <>
      <span className="flex items-center gap-3">
        {title}
        <span className={isGood ? 'text-muted text-xs' : 'text-bad-text text-xs'}>{words}</span>
        {isGood ? (
          <CircleCheck aria-label={t('test.ok')} className="size-4 shrink-0 text-ok-text" />
        ) : (
          <CircleAlert aria-label={t('test.failed')} className="size-4 shrink-0 text-bad-text" />
        )}
      </span>
      {detail !== null && (
        <span lang="en" className="break-words font-mono text-muted text-xs">
          {detail}
        </span>
      )}
    </>
  );
}
