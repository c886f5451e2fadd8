'use client';
// Owns what the guide writes into the settings: the key, the address, the model.
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { Field } from '@/components/ui/field';
import { Input, PasswordInput } from '@/components/ui/input';
import { isApiError } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { hasSignedIn } from '@/lib/session';
import { links } from '@/lib/paths';
import type { PastedKey } from './use-pasted-key';

interface InputsProps {
  pastedKey: PastedKey;
  address: string;
  isAddressRight: boolean;
  onAddress: (text: string) => void;
  model: string;
  suggestedModel: string;
  onModel: (text: string) => void;
}

export function Inputs(props: InputsProps) {
  const { pastedKey, address, isAddressRight, onAddress, model, suggestedModel, onModel } = props;
  const t = useTranslations('setup');
  const isForeign = isAddressRight && !address.trim().startsWith(window.location.origin);
  return (
    <div className="flex flex-col gap-4">
      <Field label={t('key')} error={useKeyProblem(pastedKey)} help={<KeyHelp />}>
        {(control) => (
          <PasswordInput
            {...control}
            value={pastedKey.text}
            autoComplete="off"
            placeholder={t('keyPlaceholder')}
            onChange={(event) => pastedKey.setText(event.target.value)}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <Field
        label={t('address')}
        error={isAddressRight ? undefined : t('addressWrong')}
        help={isForeign ? t('addressForeign') : t('addressHelp')}
      >
        {(control) => (
          <Input
            {...control}
            type="url"
            value={address}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => onAddress(event.target.value)}
            className="font-mono text-sm"
          />
        )}
      </Field>
      <Field
        label={t('model')}
        optional
        help={
          pastedKey.models === null ? t('modelHelp') : t('modelsKnown', { count: pastedKey.models.length })
        }
      >
        {(control) => (
          <>
            <Input
              {...control}
              list="setup-models"
              value={model}
              placeholder={suggestedModel}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => onModel(event.target.value)}
              className="font-mono text-sm"
            />
            <datalist id="setup-models">
              {(pastedKey.models ?? []).map((id) => (
                <option key={id} value={id} />
              ))}
            </datalist>
          </>
        )}
      </Field>
    </div>
  );
}

/** The secret of a key that is there already is not known any more: not here, and not to the gateway. */
function KeyHelp() {
  const t = useTranslations('setup');
  return (
    <>
      {t('keyHelp')}
      {hasSignedIn() && (
        <>
          {' '}
          <Link
            href={links.newKey}
            prefetch={false}
            className="text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:inline-block max-sm:py-1"
          >
            {t('newKey')}
          </Link>
        </>
      )}
    </>
  );
}

function useKeyProblem({ text, secret, stats }: PastedKey): string | undefined {
  const t = useTranslations('setup');
  const errorText = useErrorText();
  if (text.trim() === '') return undefined;
  if (secret === null) return t('keyWrong');
  if (stats.error !== null) {
    const { message } = errorText(stats.error);
    return isApiError(stats.error) && stats.error.status === 429 ? t('keyLocked') : message;
  }
  const status = stats.data?.status;
  if (status === 'disabled' || status === 'expired' || status === 'deleted') return t(`keyStates.${status}`);
  return undefined;
}
