'use client';
// Owns the steps of the guide: what each is for, and what to paste; a chunk of its own.
import { useTranslations } from 'next-intl';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyButton } from '@/components/ui/copy-button';
import type { GuideChoice } from './use-guide-choice';
import { guideSteps, type Step } from './snippets';

interface StepsProps extends GuideChoice {
  baseUrl: string;
  /** In the place of the key while there is none. */
  placeholder: string;
  secret: string | null;
  model: string;
}

export default function Steps({ placeholder, secret, ...input }: StepsProps) {
  const steps = guideSteps({ ...input, key: secret ?? placeholder });
  return (
    <ol className="flex flex-col gap-5">
      {steps.map((step, index) => (
        <li key={step.name} className="flex min-w-0 gap-3">
          <span
            aria-hidden
            className="mt-px grid size-6 shrink-0 place-items-center rounded-full border border-line-strong bg-sunken font-medium text-xs max-sm:hidden"
          >
            {index + 1}
          </span>
          <StepBlock step={step} />
        </li>
      ))}
    </ol>
  );
}

function StepBlock({ step }: { step: Step }) {
  const t = useTranslations('setup');
  const title = t(`steps.${step.name}`);
  return (
    <div className="min-w-0 flex-1">
      <h3 className="font-medium text-sm">{title}</h3>
      <p className="mb-1.5 text-muted text-sm">{t(`stepHelp.${step.name}`)}</p>
      {step.type === 'file' && (
        <p className="mb-1 flex items-center gap-1 text-muted text-xs">
          <code className="min-w-0 break-all font-mono">{step.path}</code>
          <CopyButton text={step.path} label={t('copyPath', { path: step.path })} />
        </p>
      )}
      {step.type === 'fields' ? (
        <dl className="divide-y divide-line border-line border-y text-sm">
          {step.fields.map(({ name, value }) => (
            <div key={name} className="flex min-h-9 flex-wrap items-center gap-x-3">
              <dt className="w-40 text-muted">{t(`fields.${name}`)}</dt>
              <dd className="flex min-w-0 flex-1 items-center gap-1">
                <code className="min-w-0 flex-1 break-all font-mono text-xs">{value}</code>
                <CopyButton text={value} label={t('copyField', { field: t(`fields.${name}`) })} />
              </dd>
            </div>
          ))}
        </dl>
      ) : (
        <CodeBlock code={step.code} label={title} copyLabel={t('copyStep', { step: title })} />
      )}
    </div>
  );
}
