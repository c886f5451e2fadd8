'use client';
// Owns the key that was pasted into the guide: only in this page's memory, looked up once it stands still.
import type { KeyStats } from '@crs/shared';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { isApiError } from '@/lib/api';
import { mayAskAgain, readKeyStats } from '@/lib/key-stats';
import { isKeyText } from './base-url';

const STILL_MS = 500;
const LOOK_EVERY_MS = 4000;

export interface PastedKey {
  readonly text: string;
  setText: (text: string) => void;
  /** The key without spaces around it; null where it is none. */
  readonly secret: string | null;
  /** What the key says of itself; looked at every few seconds while the page is in sight. */
  readonly stats: UseQueryResult<KeyStats>;
  /** Models that the key reaches; null while they are not known. */
  readonly models: readonly string[] | null;
}

export function usePastedKey(): PastedKey {
  const [text, setText] = useState('');
  // Stands for the key where the key itself must not be: in the names of queries.
  const [asked, setAsked] = useState<{ id: number; secret: string | null }>({ id: 0, secret: null });
  const trimmed = text.trim();
  const secret = isKeyText(trimmed) ? trimmed : null;

  useEffect(() => {
    const timer = setTimeout(
      () => setAsked((before) => (before.secret === secret ? before : { id: before.id + 1, secret })),
      secret === null ? 0 : STILL_MS,
    );
    return () => clearTimeout(timer);
  }, [secret]);

  const isAsked = asked.secret !== null && asked.secret === secret;
  const stats = useQuery({
    queryKey: ['setup', 'key', asked.id],
    queryFn: ({ signal }) => readKeyStats(asked.secret ?? '', { brief: true, signal }),
    enabled: isAsked,
    gcTime: 0,
    refetchInterval: ({ state }) => (mayAskAgain(state) ? LOOK_EVERY_MS : false),
    refetchOnWindowFocus: ({ state }) => mayAskAgain(state),
    retry: (failures, error) => !isApiError(error) && failures < 2,
  });
  const models = useQuery({
    queryKey: ['setup', 'models', asked.id],
    enabled: isAsked && stats.isSuccess,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => readModels(asked.secret ?? '', signal),
  });
  return { text, setText, secret, stats, models: models.data ?? null };
}

async function readModels(secret: string, signal: AbortSignal): Promise<string[]> {
  const response = await fetch('/openai/v1/models', {
    signal,
    headers: { authorization: `Bearer ${secret}` },
  });
  const answer: unknown = await response.json();
  if (!response.ok || typeof answer !== 'object' || answer === null || !('data' in answer)) {
    throw new Error('no list of models');
  }
  return Array.isArray(answer.data)
    ? answer.data.flatMap((model: unknown) =>
        typeof model === 'object' && model !== null && 'id' in model ? [String(model.id)] : [],
      )
    : [];
}
