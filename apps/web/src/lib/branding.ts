'use client';
// Owns what this installation shows of itself: name, logo, colour, announcement. What was seen last is there at once; what
// holds now comes after it. Every page has it, so it does without the query library.
import type { Branding } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useEffect, useSyncExternalStore } from 'react';
import type { AccentTokens } from './accent';
import { callOpenApi } from './api';
import { noBranding, rememberBranding, rememberedBranding } from './remembered-branding';

let present: Branding | null = null;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function current(): Branding {
  present ??= rememberedBranding();
  return present;
}

/** Reads it anew. A failure changes nothing: it is no reason to trouble anybody. */
export async function refreshBranding(): Promise<void> {
  try {
    present = await callOpenApi((client) => client.public.branding());
  } catch {
    return;
  }
  rememberBranding(present);
  for (const listener of listeners) listener();
}

export function useBranding(): Branding {
  return useSyncExternalStore(subscribe, current, () => noBranding);
}

/** Name of the product: the installation's own, else ours. */
export function useProductName(): string {
  const t = useTranslations('shell');
  const { name } = useBranding();
  return name === '' ? t('product') : name;
}

let sheet: CSSStyleSheet | null = null;

/** Keeps it up to date and lays the installation's colour over both themes. For the frames of pages. */
export function useInstallation(): void {
  const { accent } = useBranding();
  useEffect(() => void refreshBranding(), []);
  useEffect(() => {
    let isCurrent = true;
    const apply = async () => {
      const { accentTokens } = await import('./accent');
      if (isCurrent) show(accent === null ? null : accentTokens(accent));
    };
    if (accent === null) show(null);
    else void apply();
    return () => {
      isCurrent = false;
    };
  }, [accent]);
}

function show(tokens: AccentTokens | null): void {
  if (tokens === null && sheet === null) return;
  sheet ??= new CSSStyleSheet();
  if (!document.adoptedStyleSheets.includes(sheet)) document.adoptedStyleSheets.push(sheet);
  const block = (values: object) =>
    Object.entries(values)
      .map(([name, value]) => `${name}:${value}`)
      .join(';');
  const { light = {}, dark = {} } = tokens ?? {};
  sheet.replaceSync(tokens === null ? '' : `:root{${block(light)}}[data-theme="dark"]{${block(dark)}}`);
}
