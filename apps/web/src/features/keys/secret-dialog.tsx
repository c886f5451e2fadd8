'use client';
// Owns the one moment a secret is in sight: to copy it, alone or as settings of a client with this server's address.
// Closing without a copy asks once more.
import type { Key } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code-block';
import { CopyButton } from '@/components/ui/copy-button';
import { Dialog } from '@/components/ui/dialog';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { type ClientLinesKind, clientLines, offeredKinds } from './client-lines';

interface SecretDialogProps {
  apiKey: Key;
  secret: string;
  onClose: () => void;
}

export default function SecretDialog({ apiKey: key, secret, onClose }: SecretDialogProps) {
  const t = useTranslations('keys.secret');
  const [copied, setCopied] = useState(false);
  const [asking, setAsking] = useState(false);
  const copy = () => {
    setCopied(true);
    setAsking(false);
  };
  const kinds = offeredKinds(key.permissions);
  return (
    <Dialog
      open
      mustAnswer
      size="lg"
      onOpenChange={(open) => !open && onClose()}
      title={t('title', { name: key.name })}
      footer={
        asking ? (
          <>
            <Button variant="dangerGhost" onClick={onClose}>
              {t('closeAnyway')}
            </Button>
            <CopyButton variant="primary" withText text={secret} label={t('copySecret')} onCopied={copy} />
          </>
        ) : (
          <Button
            variant={copied ? 'primary' : 'secondary'}
            onClick={() => (copied ? onClose() : setAsking(true))}
          >
            {t('done')}
          </Button>
        )
      }
    >
      {/* Copying a selection by hand counts as well. */}
      <div className="flex flex-col gap-4" onCopy={copy}>
        {asking ? (
          <Alert tone="bad" title={t('notCopied')}>
            {t('notCopiedHelp')}
          </Alert>
        ) : (
          <Alert tone="warn" title={t('once')}>
            {t('onceHelp')}
          </Alert>
        )}
        <div>
          <p className="mb-1 font-medium text-sm">{t('label')}</p>
          <div className="flex items-center gap-2 rounded-control border border-line-control bg-sunken py-2 pr-2 pl-3 max-sm:flex-wrap">
            <code className="min-w-0 flex-1 break-all font-mono text-sm">{secret}</code>
            <CopyButton
              variant="primary"
              withText
              text={secret}
              label={t('copySecret')}
              onCopied={copy}
              className="max-sm:w-full"
            />
          </div>
        </div>
        <Settings kinds={kinds} secret={secret} onCopied={copy} />
      </div>
    </Dialog>
  );
}

interface SettingsProps {
  kinds: readonly ClientLinesKind[];
  secret: string;
  onCopied: () => void;
}

function Settings({ kinds, secret, onCopied }: SettingsProps) {
  const t = useTranslations('keys.secret');
  const [kind, setKind] = useState(kinds[0] ?? 'curl');
  return (
    <div className="flex flex-col gap-2">
      <p className="font-medium text-sm">{t('settings')}</p>
      <SegmentedControl<ClientLinesKind>
        label={t('settings')}
        value={kind}
        options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))}
        onChange={setKind}
        className="overflow-x-auto"
      />
      <CodeBlock
        code={clientLines(kind, { origin: window.location.origin, secret })}
        label={t(`kinds.${kind}`)}
        copyLabel={t('copySettings')}
        onCopied={onCopied}
      />
      <p className="text-muted text-xs">{t(`kindHelp.${kind}`)}</p>
    </div>
  );
}
