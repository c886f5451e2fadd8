'use client';
// Owns how far a login is: the steps in a row, the present one marked.
import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import { useTranslations } from 'next-intl';

const steps = ['prepare', 'signIn', 'done'] as const;

export function LoginSteps({ step }: { step: (typeof steps)[number] }) {
  const t = useTranslations('accounts.login');
  const present = steps.indexOf(step);
  return (
    <ol className="mb-4 flex items-center gap-2 text-xs">
      {steps.map((name, index) => (
        <li
          key={name}
          aria-current={index === present ? 'step' : undefined}
          className={clsx(
            'flex items-center gap-1.5 not-first:before:mr-1 not-first:before:h-px not-first:before:w-6 not-first:before:bg-line-strong not-first:before:content-[""]',
            index === present ? 'font-medium text-text' : 'text-muted',
          )}
        >
          <span
            aria-hidden
            className={clsx(
              'grid size-5 place-items-center rounded-full border text-xs',
              index === present
                ? 'border-transparent bg-accent text-accent-contrast'
                : 'border-line-strong bg-surface',
            )}
          >
            {index < present ? <Check className="size-3" /> : index + 1}
          </span>
          {t(`steps.${name}`)}
        </li>
      ))}
    </ol>
  );
}
