'use client';
// Owns what the palette finds on the gateway: keys, accounts, groups, and a request by its id; asked once the typing
// pauses.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { ArrowRightLeft, Boxes, KeyRound, Server } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { callApi, isApiError } from '@/lib/api';
import { links } from '@/lib/paths';
import { Entry, groupLook } from './palette-entry';

const PAUSE_MS = 250;
const LEAST_CHARACTERS = 2;
const SHOWN_OF_EACH = 5;
const REQUEST_ID = /^req_[0-9a-f]{8,}$/i;

interface Found {
  readonly id: string;
  readonly kind: 'key' | 'account' | 'group' | 'request';
  readonly name: string;
  readonly aside: string;
  readonly href: string;
}

const icons = {
  key: <KeyRound aria-hidden />,
  account: <Server aria-hidden />,
  group: <Boxes aria-hidden />,
  request: <ArrowRightLeft aria-hidden />,
} as const satisfies Record<Found['kind'], ReactNode>;

export function FoundEntries({ text, onGo }: { text: string; onGo: (href: string) => void }) {
  const t = useTranslations('shell.palette');
  const search = usePaused(text.trim());
  const isAsked = search.length >= LEAST_CHARACTERS;
  const { data, isFetching, isError } = useQuery({
    queryKey: ['palette', search],
    enabled: isAsked,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => find(search, signal),
  });
  if (!isAsked || text.trim().length < LEAST_CHARACTERS) return null;
  if (isError) return <Note>{t('failed')}</Note>;
  if (data === undefined) return isFetching ? <Note>{t('searching')}</Note> : null;
  return (
    <Command.Group heading={t('entries')} className={groupLook}>
      {data.map(({ id, kind, name, aside, href }) => (
        <Entry
          key={`${kind} ${id}`}
          id={`${kind} ${id}`}
          icon={icons[kind]}
          // The gateway has found it by this: the palette's own filter must not take it away.
          keywords={[text]}
          aside={aside}
          onSelect={() => onGo(href)}
        >
          {name}
        </Entry>
      ))}
    </Command.Group>
  );
}

function Note({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="px-2 py-2 text-muted text-sm">
      {children}
    </p>
  );
}

/** The text once it has stood still. */
function usePaused(text: string): string {
  const [paused, setPaused] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setPaused(text), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return paused;
}

async function find(search: string, signal: AbortSignal): Promise<Found[]> {
  if (REQUEST_ID.test(search)) return findRequest(search, signal);
  const query = { search, pageSize: SHOWN_OF_EACH };
  const options = { signal };
  const [keys, accounts, groups] = await callApi((client) =>
    Promise.all([
      client.keys.list({ query }, options),
      client.accounts.list({ query }, options),
      client.groups.list({ query }, options),
    ]),
  );
  return [
    ...keys.items.map(({ id, name, hint }) => ({
      id,
      kind: 'key' as const,
      name,
      aside: hint,
      href: links.key(id),
    })),
    ...accounts.items.map(({ id, name, kind }) => ({
      id,
      kind: 'account' as const,
      name,
      aside: kind,
      href: links.account(id),
    })),
    ...groups.items.map(({ id, name }) => ({
      id,
      kind: 'group' as const,
      name,
      aside: '',
      href: links.group(id),
    })),
  ];
}

async function findRequest(id: string, signal: AbortSignal): Promise<Found[]> {
  try {
    const { keyName, model } = await callApi((client) => client.requests.get({ params: { id } }, { signal }));
    return [{ id, kind: 'request', name: id, aside: model ?? keyName ?? '', href: links.request(id) }];
  } catch (error) {
    if (isApiError(error) && error.status === 404) return [];
    throw error;
  }
}
