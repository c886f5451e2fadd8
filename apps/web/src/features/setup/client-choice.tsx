'use client';
// Owns the choice of client, of its variant and of the shell.
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { clientFacts, clientIds, shellNames, shells, variantNames } from './clients';
import type { GuideChoice } from './use-guide-choice';

interface ClientChoiceProps {
  choice: GuideChoice;
  onChoose: (patch: Partial<GuideChoice>) => void;
}

export function ClientChoice({ choice, onChoose }: ClientChoiceProps) {
  const t = useTranslations('setup');
  const { client, variant, shell } = choice;
  const { variants, isShellless } = clientFacts[client];
  return (
    <div className="flex flex-col gap-4">
      <fieldset>
        <legend className="mb-1.5 font-semibold text-base">{t('client')}</legend>
        <div className="flex flex-wrap gap-2">
          {clientIds.map((id) => (
            <label
              key={id}
              className={clsx(
                'relative inline-flex h-9 cursor-pointer items-center rounded-control border px-3 text-sm transition-colors max-sm:h-11',
                'has-focus-visible:outline-2 has-focus-visible:outline-accent',
                id === client
                  ? 'border-accent-line bg-accent-soft font-medium text-accent-text'
                  : 'border-line-strong bg-surface text-text hover:bg-hover',
              )}
            >
              <input
                type="radio"
                name="client"
                value={id}
                checked={id === client}
                onChange={() => onChoose({ client: id, variant: null })}
                className="absolute inset-0 cursor-pointer opacity-0"
              />
              {clientFacts[id].name}
            </label>
          ))}
        </div>
      </fieldset>
      {(variants.length > 0 || isShellless !== true) && (
        <div className="flex flex-wrap gap-x-6 gap-y-3">
          {variants.length > 0 && variant !== null && (
            <Row label={t('variant')}>
              <SegmentedControl
                label={t('variant')}
                value={variant}
                options={variants.map((value) => ({ value, label: variantNames[value] }))}
                onChange={(value) => onChoose({ variant: value })}
                className="flex-wrap"
              />
            </Row>
          )}
          {isShellless !== true && (
            <Row label={t('shell')}>
              <SegmentedControl
                label={t('shell')}
                value={shell}
                options={shells.map((value) => ({ value, label: shellNames[value] }))}
                onChange={(value) => onChoose({ shell: value })}
                className="flex-wrap"
              />
            </Row>
          )}
        </div>
      )}
    </div>
  );
}

function Row({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <p aria-hidden className="mb-1 text-muted text-xs">
        {label}
      </p>
      {children}
    </div>
  );
}
