'use client';
// Owns trying the key: one test request from here with its price, and the wait for the first one of the client; a chunk
// of its own.
import type { KeyStats } from '@crs/shared';
import { useMutation } from '@tanstack/react-query';
import { Send } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useEffect, useRef, useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Panel } from '@/components/ui/panel';
import { useFormat } from '@/lib/use-format';
import { type Arrival, arrivalSince } from './arrival';
import type { GuideDialect } from './clients';
import { RefusedTest, sendTest, type TestAnswer } from './send-test';
import { Waiting } from './waiting';

const COUNTED_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 700;

interface TryOutProps {
  secret: string;
  stats: KeyStats;
  isWatching: boolean;
  dialect: GuideDialect;
  model: string;
  /** Looks at the key's figures at once. */
  onCounted: () => Promise<KeyStats | null>;
}

interface Tried extends TestAnswer {
  /** Null where the figures did not come in time. */
  readonly arrival: Arrival | null;
}

export default function TryOut({ secret, stats, isWatching, dialect, model, onCounted }: TryOutProps) {
  const t = useTranslations('setup.test');
  const [text, setText] = useState('');
  // Requests up to here are no news: those before the page was opened, and the tests from this page.
  const [known, setKnown] = useState(stats);
  const leaving = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    leaving.current = controller;
    return () => controller.abort();
  }, []);

  const test = useMutation({
    mutationFn: async (): Promise<Tried> => {
      setText('');
      const before = (await onCounted()) ?? stats;
      const { signal } = leaving.current;
      const answer = await sendTest({ dialect, key: secret, model, onText: setText, signal });
      const after = await countedAfter(before, onCounted, signal);
      if (after !== null) setKnown(after);
      return { ...answer, arrival: after === null ? null : arrivalSince(before, after) };
    },
    onError: () => void onCounted().then((now) => now !== null && setKnown(now)),
  });
  return (
    <>
      <Panel title={t('title')} description={t('help')}>
        <div className="flex flex-col gap-3">
          <Button icon={<Send />} busy={test.isPending} onClick={() => test.mutate()} className="self-start">
            {t('send')}
          </Button>
          {(test.isPending || test.isSuccess) && (
            <blockquote
              aria-live="polite"
              aria-busy={test.isPending}
              className="min-h-16 whitespace-pre-wrap break-words border-accent-line border-l-2 py-1 pl-3 text-sm"
            >
              {text}
            </blockquote>
          )}
          {test.isSuccess && <Result tried={test.data} />}
          {test.isError && <Refusal error={test.error} />}
        </div>
      </Panel>
      {!test.isPending && (
        <Waiting stats={stats} known={known} isWatching={isWatching} onAgain={() => setKnown(stats)} />
      )}
    </>
  );
}

/** The figures once the request is among them; null where they take too long. */
async function countedAfter(
  before: KeyStats,
  look: () => Promise<KeyStats | null>,
  signal: AbortSignal,
): Promise<KeyStats | null> {
  const endMs = performance.now() + COUNTED_WITHIN_MS;
  while (performance.now() < endMs && !signal.aborted) {
    const now = await look();
    if (now !== null && arrivalSince(before, now) !== null) return now;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  return null;
}

function Result({ tried }: { tried: Tried }) {
  const t = useTranslations('setup.test');
  const format = useFormat();
  const { arrival, firstEventMs, durationMs, requestId } = tried;
  return (
    <div className="text-sm">
      <p className="font-medium">
        {arrival === null
          ? t('costUnknown')
          : arrival.requests === 1
            ? t('cost', { cost: format.moneyExact(arrival.chargedNanoUsd) })
            : t('costOfMany', {
                count: arrival.requests,
                cost: format.moneyExact(arrival.chargedNanoUsd),
              })}
      </p>
      <p className="text-muted">
        {t('timing', { first: format.duration(firstEventMs), total: format.duration(durationMs) })}
      </p>
      <RequestId id={requestId} />
    </div>
  );
}

function RequestId({ id }: { id: string | null }) {
  const t = useTranslations('common');
  if (id === null) return null;
  return (
    <p className="flex items-center gap-1 text-muted text-xs">
      {t('requestId')} <code className="min-w-0 truncate font-mono">{id}</code>
      <CopyButton text={id} label={t('copyRequestId')} />
    </p>
  );
}

function Refusal({ error }: { error: Error }) {
  const t = useTranslations('setup.test');
  const isRefused = error instanceof RefusedTest;
  return (
    <Alert tone="bad" title={isRefused ? t('refused', { status: error.status }) : t('broken')}>
      {isRefused ? (
        <>
          <p lang="en">{error.message}</p>
          <RequestId id={error.requestId} />
        </>
      ) : (
        <p>{t('brokenHelp')}</p>
      )}
    </Alert>
  );
}
