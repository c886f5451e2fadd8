'use client';
// Owns what a filter by key, account, model or user offers, and the names behind the ids of an address.
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from './api';
import { serverNow } from './server-clock';

const NAME_FRESH_MS = 5 * 60_000;

export interface Named {
  value: string;
  label: string;
}

/** Keys whose name fits what is typed. */
export function useKeyChoices(search: string): UseQueryResult<Named[]> {
  return useQuery({
    queryKey: ['keys', 'choices', search],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { pageSize: 20, sort: 'name', search: search === '' ? undefined : search };
      const { items } = await callApi((client) => client.keys.list({ query }, { signal }));
      return items.map(({ id, name }) => ({ value: id, label: name }));
    },
  });
}

/** Accounts whose name fits what is typed. */
export function useAccountChoices(search: string): UseQueryResult<Named[]> {
  return useQuery({
    queryKey: ['accounts', 'choices', search],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { pageSize: 20, sort: 'name', search: search === '' ? undefined : search };
      const { items } = await callApi((client) => client.accounts.list({ query }, { signal }));
      return items.map(({ id, name }) => ({ value: id, label: name }));
    },
  });
}

/** Models that were asked for in the last 30 days, the most used first. */
export function useModelChoices(): UseQueryResult<Named[]> {
  return useUsedChoices('model');
}

/** Users whose keys were used in the last 30 days, the most active first. */
export function useUserChoices(enabled = true): UseQueryResult<Named[]> {
  return useUsedChoices('user', enabled);
}

function useUsedChoices(groupBy: 'model' | 'user', enabled = true): UseQueryResult<Named[]> {
  return useQuery({
    enabled,
    queryKey: ['used', groupBy],
    staleTime: NAME_FRESH_MS,
    queryFn: async ({ signal }) => {
      const from = new Date(serverNow() - 30 * 86_400_000).toISOString();
      const query = { groupBy, from } as const;
      const { rows } = await callApi((client) => client.stats.usage({ query }, { signal }));
      return rows
        .filter(({ group }) => group !== '')
        .toSorted((a, b) => b.requests - a.requests)
        .map(({ group, label }) => ({ value: group, label }));
    },
  });
}

/** Tags of keys that are in use. */
export function useTagChoices(): UseQueryResult<Named[]> {
  return useQuery({
    queryKey: ['keys', 'tags', 'choices'],
    staleTime: NAME_FRESH_MS,
    queryFn: async ({ signal }) => {
      const { items } = await callApi((client) => client.keys.tags({}, { signal }));
      return items.map(({ tag }) => ({ value: tag, label: tag }));
    },
  });
}

/** Name of a key by its id, for a link that brought only the id; null while or where it is not known. */
export function useKeyName(id: string): string | null {
  const { data } = useQuery({
    queryKey: ['keys', 'name', id],
    enabled: id !== '',
    staleTime: NAME_FRESH_MS,
    retry: false,
    queryFn: async ({ signal }) =>
      (await callApi((client) => client.keys.get({ params: { id } }, { signal }))).name,
  });
  return data ?? null;
}

/** The same for an account; without its kind only the list knows it. */
export function useAccountName(id: string): string | null {
  const { data } = useQuery({
    queryKey: ['accounts', 'names'],
    enabled: id !== '',
    staleTime: NAME_FRESH_MS,
    retry: false,
    queryFn: async ({ signal }) => {
      const { items } = await callApi((client) =>
        client.accounts.list({ query: { pageSize: 200 } }, { signal }),
      );
      return Object.fromEntries(items.map((account) => [account.id, account.name]));
    },
  });
  return data?.[id] ?? null;
}
