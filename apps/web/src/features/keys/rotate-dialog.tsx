'use client';
// Owns giving a key a new secret: how long the old one works beside it. The new secret is handed on and not kept.
import type { Key } from '@crs/shared';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { Dialog } from '@/components/ui/dialog';
import { RelativeTime } from '@/components/ui/time';
import { callApi } from '@/lib/api';
import { useErrorText } from '@/lib/errors';
import { keysCache, writeKey } from './key-cache';

interface RotateDialogProps {
  apiKey: Key;
  onClose: () => void;
  onRotated: (key: Key, secret: string) => void;
}

const graces = [
  { name: 'none', seconds: 0 },
  { name: 'hour', seconds: 3600 },
  { name: 'day', seconds: 86_400 },
  { name: 'week', seconds: 604_800 },
  { name: 'month', seconds: 2_592_000 },
] as const;
type GraceName = (typeof graces)[number]['name'];

export default function RotateDialog({ apiKey: key, onClose, onRotated }: RotateDialogProps) {
  const t = useTranslations('keys.rotate');
  const common = useTranslations('common');
  const queries = useQueryClient();
  const errorText = useErrorText();
  const [grace, setGrace] = useState<GraceName>('day');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);

  async function rotate() {
    setBusy(true);
    setError(null);
    const graceSeconds = graces.find(({ name }) => name === grace)?.seconds ?? 0;
    try {
      // Straight from the answer to the dialog: a mutation would keep the secret in its cache.
      const { key: rotated, secret } = await callApi((client) =>
        client.keys.rotate({ params: { id: key.id }, body: { graceSeconds } }),
      );
      writeKey(queries, rotated);
      void queries.invalidateQueries({ queryKey: keysCache });
      onRotated(rotated, secret);
    } catch (failure) {
      setError(failure);
      setBusy(false);
    }
  }

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && !busy && onClose()}
      title={t('title', { name: key.name })}
      description={t('help')}
      footer={
        <>
          <Button onClick={onClose} disabled={busy}>
            {common('cancel')}
          </Button>
          <Button variant="primary" busy={busy} onClick={() => void rotate()}>
            {t('confirm')}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {error !== null && <Alert tone="bad">{errorText(error).message}</Alert>}
        {key.previousSecret !== null && (
          <Alert tone="warn" title={t('stillOld')}>
            <code className="font-mono text-xs">{key.previousSecret.hint}</code>
            {' · '}
            <RelativeTime at={key.previousSecret.endsAt} />
          </Alert>
        )}
        <fieldset className="flex flex-col gap-1">
          <legend className="mb-1 font-medium text-sm">{t('grace')}</legend>
          {graces.map(({ name }) => (
            <label
              key={name}
              className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-control border border-line px-3 text-sm has-checked:border-accent has-checked:bg-accent-soft max-sm:min-h-11"
            >
              <input
                type="radio"
                name="grace"
                checked={grace === name}
                onChange={() => setGrace(name)}
                className="accent-(--accent)"
              />
              {t(`graces.${name}`)}
            </label>
          ))}
        </fieldset>
        <p className="text-muted text-sm">{grace === 'none' ? t('atOnce') : t('both')}</p>
      </div>
    </Dialog>
  );
}
