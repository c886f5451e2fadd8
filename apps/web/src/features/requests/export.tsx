'use client';
// Owns the way of the filtered list into a file, and what is said where there is none.
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Alert } from '@/components/ui/alert';
import { useErrorText } from '@/lib/errors';
import type { RequestListState } from './list-definition';
import { exportRequests } from './request-queries';

export interface Export {
  readonly isBusy: boolean;
  readonly failure: unknown;
  start: () => void;
}

export function useExport(state: RequestListState): Export {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>(null);
  async function run() {
    setBusy(true);
    setFailure(null);
    try {
      save(
        await exportRequests(state),
        `requests-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}.csv`,
      );
    } catch (error) {
      setFailure(error);
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, failure, start: () => void run() };
}

function save(content: Blob, name: string) {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

export function ExportFailure({ exporting }: { exporting: Export }) {
  const t = useTranslations('requests');
  const errorText = useErrorText();
  if (exporting.failure === null) return null;
  const { message, detail } = errorText(exporting.failure);
  return (
    <Alert tone="bad" title={t('exportFailed')} className="mb-3">
      <p>{message}</p>
      {detail !== null && detail !== message && (
        <p lang="en" className="mt-0.5 text-xs">
          {detail}
        </p>
      )}
    </Alert>
  );
}
