'use client';
// Owns the way from the first start to the first answered request. Each step ticks itself once it is done.
import type { Dashboard } from '@crs/shared';
import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { LinkButton } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { Spinner } from '@/components/ui/spinner';
import { type ClientSettingKind, clientSettingKinds, clientSettings } from '@/lib/client-settings';
import { links } from '@/lib/paths';
import { useCanManage } from '@/lib/session';

const steps = ['account', 'key', 'client', 'request'] as const;
type Step = (typeof steps)[number];

export function SetupChecklist({ setup }: { setup: Dashboard['setup'] }) {
  const t = useTranslations('dashboard.setup');
  const canManage = useCanManage();
  // The settings of a client cannot be seen from here; a request that came through proves them.
  const done: Record<Step, boolean> = { ...setup, client: setup.request };
  const present = steps.find((step) => !done[step]);
  const actions: Record<Step, ReactNode> = {
    account: canManage && (
      <LinkButton href={links.newAccount} variant="primary">
        {t('account.action')}
      </LinkButton>
    ),
    key: canManage && (
      <LinkButton href={links.newKey} variant="primary">
        {t('key.action')}
      </LinkButton>
    ),
    client: <ClientSettings />,
    request: (
      <p className="flex items-center gap-2 text-muted text-sm">
        <Spinner /> {t('request.waiting')}
      </p>
    ),
  };
  return (
    <section aria-labelledby="setup" className="rounded-card border border-line bg-surface">
      <div className="px-5 pt-4 pb-3 max-sm:px-4">
        <h2 id="setup" className="font-semibold text-lg">
          {t('title')}
        </h2>
        <p className="text-muted text-sm">{t('help')}</p>
      </div>
      <ol>
        {steps.map((step, index) => {
          const open = step === present || (present === 'client' && step === 'request');
          return (
            <li
              key={step}
              aria-current={step === present ? 'step' : undefined}
              className="flex gap-3 border-line border-t px-5 py-3 max-sm:px-4"
            >
              <Mark done={done[step]} present={step === present} number={index + 1} />
              <div className="flex min-w-0 flex-1 flex-col gap-3">
                <div className="min-w-0">
                  <p className={clsx('text-base', done[step] ? 'text-muted' : 'font-medium')}>
                    {t(`${step}.title`)}
                    <span className="sr-only">{done[step] ? t('done') : t('open')}</span>
                  </p>
                  {!done[step] && <p className="text-muted text-sm">{t(`${step}.help`)}</p>}
                </div>
                {open && <div>{actions[step]}</div>}
              </div>
            </li>
          );
        })}
      </ol>
    </section>
  );
}

function Mark({ done, present, number }: { done: boolean; present: boolean; number: number }) {
  return (
    <span
      aria-hidden
      className={clsx(
        'grid size-6 shrink-0 place-items-center rounded-full border font-medium text-xs',
        done && 'border-ok-line bg-ok-soft text-ok-text',
        !done && present && 'border-accent bg-accent text-accent-contrast',
        !done && !present && 'border-line-strong text-muted',
      )}
    >
      {done ? <Check className="size-3.5" /> : number}
    </span>
  );
}

function ClientSettings() {
  const t = useTranslations('dashboard.setup.client');
  const [kind, setKind] = useState<ClientSettingKind>('shell');
  return (
    <div className="flex max-w-[720px] flex-col gap-2">
      <SegmentedControl<ClientSettingKind>
        label={t('where')}
        value={kind}
        options={clientSettingKinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        onChange={setKind}
        className="overflow-x-auto"
      />
      <CodeBlock
        code={clientSettings(kind, { origin: window.location.origin, secret: t('placeholder') })}
        label={t(`kinds.${kind}`)}
        copyLabel={t('copy')}
      />
    </div>
  );
}
