'use client';
// Owns one act beside the list: who, from where, and every field before and after; a chunk of its own.
import type { AuditEntry } from '@crs/shared';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { CopyButton } from '@/components/ui/copy-button';
import { Sheet } from '@/components/ui/dialog';
import { useFormat } from '@/lib/use-format';
import { addressOf, useAuditWords } from './audit-words';

interface AuditSheetProps {
  entry: AuditEntry;
  onClose: () => void;
}

export default function AuditSheet({ entry, onClose }: AuditSheetProps) {
  const t = useTranslations('audit');
  const words = useAuditWords();
  const format = useFormat();
  const { at, actor, action, target, changes, ip, requestId } = entry;
  const address = addressOf(target);
  const name = words.target(target);
  return (
    <Sheet
      open
      onOpenChange={(open) => !open && onClose()}
      title={words.action(action)}
      description={format.exactTime(at)}
    >
      <dl className="divide-y divide-line text-sm">
        <Fact label={t('columns.actor')}>{actor === null ? t('gateway') : actor.username}</Fact>
        <Fact label={words.type(target.type)}>
          {address === null ? (
            name
          ) : (
            <Link
              href={address}
              className="break-words rounded-[4px] text-accent-text underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:inline-block max-sm:py-1"
            >
              {name}
            </Link>
          )}
        </Fact>
        <Fact label={t('columns.ip')}>
          <span className="font-mono text-xs">{ip === '' ? '–' : ip}</span>
        </Fact>
        <Fact label={t('requestId')}>
          <span className="inline-flex items-center gap-1">
            <code className="break-all font-mono text-xs">{requestId}</code>
            <CopyButton text={requestId} label={t('copyRequestId')} />
          </span>
        </Fact>
      </dl>
      <section className="mt-6">
        <h3 className="mb-2 font-semibold text-sm">{t('columns.changes')}</h3>
        {changes.length === 0 ? (
          <p className="text-muted text-sm">{t('noChanges')}</p>
        ) : (
          <ul className="divide-y divide-line rounded-card border border-line">
            {changes.map((change) => (
              <li key={change.path} className="flex flex-col gap-1 px-3 py-2">
                <code className="break-all font-mono text-xs">{change.path}</code>
                <div className="grid grid-cols-2 gap-3 text-xs max-sm:grid-cols-1">
                  <Side label={t('before')} value={change.before} has={'before' in change} tone="bad" />
                  <Side label={t('after')} value={change.after} has={'after' in change} tone="ok" />
                </div>
              </li>
            ))}
          </ul>
        )}
      </section>
    </Sheet>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="flex min-h-9 flex-wrap items-center justify-between gap-x-6 py-1.5">
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

interface SideProps {
  label: string;
  value: unknown;
  /** False: there was nothing, or there is nothing any more. */
  has: boolean;
  tone: 'bad' | 'ok';
}

function Side({ label, value, has, tone }: SideProps) {
  const t = useTranslations('audit');
  const look = tone === 'bad' ? 'bg-bad-soft text-bad-text' : 'bg-ok-soft text-ok-text';
  return (
    <div className="min-w-0">
      <p className="mb-0.5 text-muted">{label}</p>
      {has ? (
        <pre className={`whitespace-pre-wrap break-words rounded-control px-2 py-1 font-mono ${look}`}>
          {textOf(value)}
        </pre>
      ) : (
        <p className="py-1 text-muted">{t('absent')}</p>
      )}
    </div>
  );
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
