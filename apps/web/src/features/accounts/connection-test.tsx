'use client';
// Owns the connection test: one real small request, its true answer, and what to do when it failed.
import type { Account, api, RouteResult } from '@crs/shared';
import { useMutation } from '@tanstack/react-query';
import { FlaskConical } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Field } from '@/components/ui/field';
import { Input } from '@/components/ui/input';
import { Spinner } from '@/components/ui/spinner';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { useFormat } from '@/lib/use-format';

type AccountTestResult = RouteResult<typeof api.accounts.test>;

interface ConnectionTestProps {
  account: Pick<Account, 'id' | 'kind'>;
  /** Starts by itself: the press that led here asked for it. */
  autoStart?: boolean;
  onDone?: (result: AccountTestResult) => void;
}

export function ConnectionTest({ account, autoStart = false, onDone }: ConnectionTestProps) {
  const t = useTranslations('accounts');
  const errorText = useErrorText();
  const [model, setModel] = useState('');
  const test = useMutation({
    mutationFn: (wanted: string) => {
      const params = { kind: account.kind, id: account.id };
      const body = wanted.trim() === '' ? {} : { model: wanted.trim() };
      return callApi((client) => client.accounts.test({ params, body }));
    },
    onSuccess: (result) => onDone?.(result),
  });
  const { mutate } = test;
  const started = useRef(false);

  useEffect(() => {
    if (!autoStart || started.current) return;
    started.current = true;
    mutate('');
  }, [autoStart, mutate]);

  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-end gap-2 max-sm:flex-col max-sm:items-stretch">
        <Field label={t('test.model')} optional className="flex-1">
          {(control) => (
            <Input
              {...control}
              value={model}
              placeholder={t('test.modelPlaceholder')}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => setModel(event.target.value)}
              onKeyDown={(event) => event.key === 'Enter' && !test.isPending && mutate(model)}
              className="font-mono text-sm"
            />
          )}
        </Field>
        <Button icon={<FlaskConical />} busy={test.isPending} onClick={() => mutate(model)}>
          {test.data === undefined && test.error === null ? t('test.run') : t('test.again')}
        </Button>
      </div>
      <div aria-live="polite" className="empty:-mb-3">
        {test.isPending && (
          <p className="flex items-center gap-2 text-muted text-sm">
            <Spinner />
            {t('test.running')}
          </p>
        )}
        {!test.isPending && test.error !== null && (
          <Alert tone="bad" title={t('test.notRun')}>
            <p>{errorText(test.error).message}</p>
          </Alert>
        )}
        {!test.isPending && test.data !== undefined && <TestResult result={test.data} />}
      </div>
      <p className="text-muted text-xs">{t('test.help')}</p>
    </div>
  );
}

function TestResult({ result }: { result: AccountTestResult }) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const facts = (
    <dl className="mt-1.5 flex flex-wrap gap-x-4 gap-y-0.5 text-xs">
      <Fact label={t('test.status')}>{result.status === 0 ? t('test.notReached') : result.status}</Fact>
      <Fact label={t('test.latency')}>{format.duration(result.latencyMs)}</Fact>
      <Fact label={t('test.modelUsed')}>
        <code className="font-mono">{result.model}</code>
      </Fact>
    </dl>
  );
  if (result.ok) {
    return (
      <Alert tone="ok" title={t('test.ok')}>
        {facts}
        {result.reply !== undefined && (
          <p className="mt-1.5 border-ok-line border-t pt-1.5">
            <span className="text-muted text-xs">{`${t('test.reply')} `}</span>
            {result.reply}
          </p>
        )}
      </Alert>
    );
  }
  const code = result.error?.code ?? '';
  const advice = `test.advice.${code}`;
  return (
    <Alert tone="bad" title={t('test.failed')}>
      {facts}
      {result.error !== undefined && (
        <p lang="en" className="mt-1.5 font-mono text-xs">
          {result.error.message}
        </p>
      )}
      <p className="mt-1.5 border-bad-line border-t pt-1.5">
        {t.has(advice as never) ? t(`test.advice.${code}` as never) : t('test.adviceOther')}
      </p>
    </Alert>
  );
}

function Fact({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="flex gap-1">
      <dt className="text-muted">{label}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
