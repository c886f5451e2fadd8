'use client';
// Owns the one moment the secrets of many new keys are in sight: to be saved as a file or copied. Closing before that
// asks once more.
import { FileSpreadsheet, FileText } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { downloadText } from '@/lib/download';
import { type NewSecret, secretsAsCsv, secretsAsText } from './secrets-file';

/** A list that scrolls must do so by keyboard too. */
const scrolledByKeyboard = { role: 'region', tabIndex: 0 };

export interface CreatedKeys {
  readonly secrets: readonly NewSecret[];
  readonly failed: readonly { readonly name: string; readonly detail: string }[];
}

export default function SecretsDialog({ created, onClose }: { created: CreatedKeys; onClose: () => void }) {
  const t = useTranslations('keys.secrets');
  const common = useTranslations('keys.secret');
  const [saved, setSaved] = useState(false);
  const [asking, setAsking] = useState(false);
  const { secrets, failed } = created;
  const done = () => {
    setSaved(true);
    setAsking(false);
  };
  const save = (kind: 'txt' | 'csv') => {
    if (kind === 'txt') downloadText('keys.txt', 'text/plain', secretsAsText(secrets));
    else downloadText('keys.csv', 'text/csv', secretsAsCsv(secrets));
    done();
  };
  return (
    <Dialog
      open
      mustAnswer
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { count: secrets.length })}
      footer={
        asking ? (
          <>
            <Button variant="dangerGhost" onClick={onClose}>
              {t('closeAnyway')}
            </Button>
            <Button variant="primary" icon={<FileText aria-hidden />} onClick={() => save('txt')}>
              {t('txt')}
            </Button>
          </>
        ) : (
          <Button
            variant={saved ? 'primary' : 'secondary'}
            onClick={() => (saved ? onClose() : setAsking(true))}
          >
            {common('done')}
          </Button>
        )
      }
    >
      <div className="flex flex-col gap-4" onCopy={done}>
        {asking ? (
          <Alert tone="bad" title={t('notSaved')}>
            {t('notSavedHelp')}
          </Alert>
        ) : (
          <Alert tone="warn" title={t('once')}>
            {t('onceHelp')}
          </Alert>
        )}
        {failed.length > 0 && (
          <Alert tone="bad" title={t('failed', { count: failed.length })}>
            {failed.map(({ name }) => name).join(', ')}
          </Alert>
        )}
        <div className="flex flex-wrap gap-2">
          <Button
            variant={saved ? 'secondary' : 'primary'}
            icon={<FileText aria-hidden />}
            onClick={() => save('txt')}
          >
            {t('txt')}
          </Button>
          <Button icon={<FileSpreadsheet aria-hidden />} onClick={() => save('csv')}>
            {t('csv')}
          </Button>
          <CopyButton withText text={secretsAsText(secrets)} label={t('copyAll')} onCopied={done} />
        </div>
        <div
          {...scrolledByKeyboard}
          aria-label={t('list')}
          className="max-h-80 overflow-y-auto rounded-control border border-line"
        >
          <ul className="divide-y divide-line">
            {secrets.map(({ id, name, secret }) => (
              <li key={id} className="px-3 py-1.5">
                <p className="truncate text-sm">{name}</p>
                <code className="block break-all font-mono text-muted text-xs">{secret}</code>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </Dialog>
  );
}
