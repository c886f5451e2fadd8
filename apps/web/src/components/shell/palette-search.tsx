'use client';
// Owns what the palette finds on the gateway: keys, accounts, groups, and a request by its id; one call once
// the typing pauses.
import type { Found } from '@crs/shared';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { ArrowRightLeft, Boxes, KeyRound, Server } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { callApi } from '@/lib/api';
import { links } from '@/lib/paths';
import { Entry, groupLook } from './palette-entry';

const PAUSE_MS = 250;
const LEAST_CHARACTERS = 2;

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
    queryFn: ({ signal }) => callApi((client) => client.search.find({ query: { text: search } }, { signal })),
  });
  if (!isAsked || text.trim().length < LEAST_CHARACTERS) return null;
  if (isError) return <Note>{t('failed')}</Note>;
  if (data === undefined) return isFetching ? <Note>{t('searching')}</Note> : null;
  return (
    <Command.Group heading={t('entries')} className={groupLook}>
      {data.items.map(({ id, kind, name, detail }) => (
        <Entry
          key={`${kind} ${id}`}
          id={`${kind} ${id}`}
          icon={icons[kind]}
          // The gateway has found it by this: the palette's own filter must not take it away.
          keywords={[text]}
          aside={detail}
          onSelect={() => onGo(addresses[kind](id))}
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

const addresses: Record<Found['kind'], (id: string) => string> = {
  key: links.key,
  account: links.account,
  group: links.group,
  request: links.request,
};
