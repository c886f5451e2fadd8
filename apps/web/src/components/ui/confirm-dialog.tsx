'use client';
// Owns the question before what cannot be undone. It names what is hit and how many; the worst kind asks for the name.
import { useTranslations } from 'next-intl';
import { type ReactNode, useState } from 'react';
import { type ErrorText, useErrorText } from '@/lib/errors';
import { Alert } from './alert';
import { Button } from './button';
import { Dialog } from './dialog';
import { Field } from './field';
import { Input } from './input';

interface ConfirmDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** A question, e.g. "Delete account main?". */
  title: string;
  /** What happens, with the numbers. */
  children: ReactNode;
  /** Verb and noun, e.g. "Delete account". */
  confirmLabel: string;
  danger?: boolean;
  /** The text that must be typed before the button works. */
  typeToConfirm?: string;
  /** Rejects to keep the dialog open with the reason. */
  onConfirm: () => Promise<void>;
}

export function ConfirmDialog(props: ConfirmDialogProps) {
  const {
    open,
    onOpenChange,
    title,
    children,
    confirmLabel,
    danger = true,
    typeToConfirm,
    onConfirm,
  } = props;
  const t = useTranslations('common');
  const errorText = useErrorText();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);

  function change(next: boolean) {
    if (!next) {
      setTyped('');
      setFailure(null);
    }
    onOpenChange(next);
  }

  async function confirm() {
    setBusy(true);
    setFailure(null);
    try {
      await onConfirm();
      change(false);
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }

  const ready = typeToConfirm === undefined || typed.trim() === typeToConfirm.trim();
  return (
    <Dialog
      open={open}
      onOpenChange={change}
      title={title}
      footer={
        <>
          <Button onClick={() => change(false)}>{t('cancel')}</Button>
          <Button
            variant={danger ? 'danger' : 'primary'}
            busy={busy}
            disabled={!ready}
            onClick={() => void confirm()}
          >
            {confirmLabel}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4 text-sm">
        {failure !== null && <Failure text={errorText(failure)} />}
        <div>{children}</div>
        {typeToConfirm !== undefined && (
          <Field label={t('typeToConfirm', { name: typeToConfirm })}>
            {(control) => (
              <Input
                {...control}
                value={typed}
                autoComplete="off"
                onChange={(event) => setTyped(event.target.value)}
              />
            )}
          </Field>
        )}
      </div>
    </Dialog>
  );
}

/** The gateway's own words may name what is in the way. */
function Failure({ text: { message, detail } }: { text: ErrorText }) {
  return (
    <Alert tone="bad">
      <p>{message}</p>
      {detail !== null && detail !== message && (
        <p lang="en" className="mt-0.5 text-xs">
          {detail}
        </p>
      )}
    </Alert>
  );
}
