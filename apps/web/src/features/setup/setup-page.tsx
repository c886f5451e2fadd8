'use client';
// Owns the setup guide: which client, where, with which key; then what to paste, and whether it works.
import { KeyRound } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useState } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { LinkButton } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Skeleton } from '@/components/ui/skeleton';
import { paths } from '@/lib/paths';
import { readBaseUrl } from './base-url';
import { ClientChoice } from './client-choice';
import { dialectOf, suggestedModel } from './clients';
import { Inputs } from './inputs';
import { useGuideChoice } from './use-guide-choice';
import { usePastedKey } from './use-pasted-key';

const Steps = lazy(() => import('./steps'));
const TryOut = lazy(() => import('./try-out'));

/** Stands in the snippets until a key is pasted. */
const PLACEHOLDER = 'YOUR_RELAY_KEY';

export function SetupPage() {
  const t = useTranslations('setup');
  const shell = useTranslations('shell');
  const [choice, choose] = useGuideChoice();
  const key = usePastedKey();
  const [address, setAddress] = useState(window.location.origin);
  const [model, setModel] = useState('');
  const dialect = dialectOf(choice.client, choice.variant);
  const suggested = suggestedModel(dialect, key.models);
  const usedModel = model.trim() === '' ? suggested : model.trim();
  const baseUrl = readBaseUrl(address);
  return (
    <>
      <PageHeader
        title={shell('pages.setup')}
        description={t('description')}
        actions={
          <LinkButton href={paths.keyStatus} prefetch={false} icon={<KeyRound />}>
            {shell('pages.keyStatus')}
          </LinkButton>
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(320px,400px)] lg:grid-rows-[auto_1fr]">
        <Panel>
          <ClientChoice choice={choice} onChoose={choose} />
        </Panel>
        <div className="grid min-w-0 gap-4 lg:row-span-2">
          <Panel title={t('inputs')}>
            <Inputs
              pastedKey={key}
              address={address}
              isAddressRight={baseUrl !== null}
              onAddress={setAddress}
              model={model}
              suggestedModel={suggested}
              onModel={setModel}
            />
          </Panel>
          {key.secret !== null && key.stats.data !== undefined && (
            <Suspense fallback={<Skeleton className="h-56 w-full" />}>
              <TryOut
                key={key.secret}
                secret={key.secret}
                stats={key.stats.data}
                isWatching={!key.stats.isError}
                dialect={dialect}
                model={usedModel}
                onCounted={() => key.stats.refetch().then(({ data }) => data ?? null)}
              />
            </Suspense>
          )}
        </div>
        <Panel title={t('paste')} description={key.secret === null ? t('pasteHelp') : undefined}>
          <Suspense fallback={<Skeleton className="h-80 w-full" />}>
            <Steps
              {...choice}
              baseUrl={baseUrl ?? window.location.origin}
              placeholder={PLACEHOLDER}
              secret={key.secret}
              model={usedModel}
            />
          </Suspense>
        </Panel>
      </div>
    </>
  );
}
