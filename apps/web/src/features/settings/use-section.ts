'use client';
// Owns one section of settings while it is being edited: what holds, what was changed here, and sending it.
import type { SettingField, SettingFieldState, SettingSection } from '@crs/shared';
import { settingSections } from '@crs/shared';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { callApi, isApiError } from '@/lib/api';
import { refreshBranding } from '@/lib/branding';
import { sessionQueryKey } from '@/lib/session';

/** A section as the gateway answers it, whichever it is. */
export interface SectionAnswer {
  readonly version: number;
  readonly fields: Readonly<Record<string, SettingFieldState>>;
  readonly [field: string]: unknown;
}

export type Draft = Readonly<Record<string, unknown>>;

export function fieldsOf(section: SettingSection): [string, SettingField][] {
  const fields: Readonly<Record<string, SettingField>> = settingSections[section];
  return Object.entries(fields);
}

/** Every section's routes take and answer the same kind of thing; their own types only differ by field. */
interface SectionRoutes {
  get: (call: object, options: { signal: AbortSignal }) => Promise<SectionAnswer>;
  update: (call: { body: Draft }) => Promise<SectionAnswer>;
}

function useSection(section: SettingSection) {
  return useQuery({
    queryKey: ['settings', section],
    queryFn: ({ signal }) =>
      callApi((client) => (client.settings[section] as unknown as SectionRoutes).get({}, { signal })),
  });
}

export function useSectionForm(section: SettingSection) {
  const queries = useQueryClient();
  const { data, error, refetch } = useSection(section);
  const [draft, setDraft] = useState<Draft>({});
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const [failure, setFailure] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  function change(name: string, value: unknown): void {
    setErrors(({ [name]: _gone, ...others }) => others);
    setDraft(({ [name]: _before, ...others }) =>
      data !== undefined && isSameAsNow(data, name, value) ? others : { ...others, [name]: value },
    );
  }

  async function save(): Promise<boolean> {
    if (data === undefined) return false;
    setBusy(true);
    setFailure(null);
    try {
      const body = { ...draft, version: data.version };
      const saved = await callApi((client) =>
        (client.settings[section] as unknown as SectionRoutes).update({ body }),
      );
      queries.setQueryData(['settings', section], saved);
      setDraft({});
      setErrors({});
      await Promise.all([
        refreshBranding(),
        queries.invalidateQueries({ queryKey: sessionQueryKey }),
        queries.invalidateQueries({ queryKey: ['audit'] }),
      ]);
      return true;
    } catch (reason) {
      const found = isApiError(reason) ? (reason.problem.errors ?? []) : [];
      setErrors(Object.fromEntries(found.map(({ path, message }) => [path, message])));
      setFailure(reason);
      return false;
    } finally {
      setBusy(false);
    }
  }

  return {
    data,
    loadError: error,
    reload: () => {
      setFailure(null);
      void refetch();
    },
    draft,
    errors,
    failure,
    busy,
    change,
    save,
    discard: () => {
      setDraft({});
      setErrors({});
      setFailure(null);
    },
  };
}

export type SectionFormState = ReturnType<typeof useSectionForm>;

/** `null` stands for the default: no change where nothing was set here. */
function isSameAsNow(data: SectionAnswer, name: string, value: unknown): boolean {
  if (value === null) return data.fields[name]?.source !== 'console';
  return data.fields[name]?.source === 'console'
    ? data[name] === value
    : data[name] === value || (value === '' && data[name] === '');
}

/** What the field shows: what was changed here, else what holds. */
export function shownValue(state: { data: SectionAnswer; draft: Draft }, name: string): unknown {
  const { data, draft } = state;
  if (!(name in draft)) return data[name];
  return draft[name] === null ? data.fields[name]?.default : draft[name];
}
