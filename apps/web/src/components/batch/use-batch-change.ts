'use client';
// Owns the way of a change of many: filled in, looked at before anything is sent, made, and tried again for those that
// were refused.
import type { BatchResult } from '@crs/shared';
import { useState } from 'react';

interface BatchCalls {
  /** The difference, with nothing stored. */
  look: (ids: readonly string[]) => Promise<BatchResult>;
  /** Changes them where they still have these versions. */
  change: (ids: readonly string[], versions: Record<string, number>) => Promise<BatchResult>;
  /** Something was changed, though perhaps not all. */
  onChanged: () => void;
  /** All of them were. */
  onDone: (changed: number) => void;
}

export interface BatchChange {
  step: 'set' | 'check' | 'done';
  result: BatchResult | null;
  busy: boolean;
  error: unknown;
  /** Rejects where the look is refused: its form places the reasons. */
  check: (ids: readonly string[]) => Promise<void>;
  back: () => void;
  apply: () => void;
  retry: () => void;
}

export function useBatchChange({ look, change, onChanged, onDone }: BatchCalls): BatchChange {
  const [step, setStep] = useState<BatchChange['step']>('set');
  const [result, setResult] = useState<BatchResult | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const results = result?.results ?? [];

  async function check(ids: readonly string[]) {
    setResult(await look(ids));
    setStep('check');
  }

  async function run(send: () => Promise<void>) {
    setBusy(true);
    setError(null);
    try {
      await send();
    } catch (failure) {
      setError(failure);
    }
    setBusy(false);
  }

  async function make() {
    const toChange = results.filter(({ outcome }) => outcome === 'changed');
    const versions = Object.fromEntries(
      toChange.flatMap(({ id, version }) => (version === null ? [] : [[id, version]])),
    );
    const answer = await change(
      toChange.map(({ id }) => id),
      versions,
    );
    onChanged();
    if (answer.failed === 0) {
      onDone(answer.changed);
      return;
    }
    setResult(answer);
    setStep('done');
  }

  return {
    step,
    result,
    busy,
    error,
    check,
    back: () => setStep('set'),
    apply: () => void run(make),
    /** Of those that were refused, as they are now: the difference is looked at anew. */
    retry: () =>
      void run(() => check(results.flatMap(({ id, error: refusal }) => (refusal === null ? [] : [id])))),
  };
}
