'use client';
// Owns what this installation shows of itself: name, logo, colour, announcement. What was seen last is there at once; what
// holds now comes after it.
import type { Branding } from '@crs/shared';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useEffect } from 'react';
import type { AccentTokens } from './accent';
import { callApi } from './api';
import { noBranding, rememberBranding, rememberedBranding } from './remembered-branding';

export const brandingQueryKey = ['branding'] as const;

async function readBranding(signal: AbortSignal): Promise<Branding> {
  const branding = await callApi((client) => client.public.branding({}, { signal }));
  rememberBranding(branding);
  return branding;
}

export function useBranding(): Branding {
  const { data } = useQuery({
    queryKey: brandingQueryKey,
    staleTime: 5 * 60_000,
    placeholderData: rememberedBranding,
    queryFn: ({ signal }) => readBranding(signal),
  });
  return data ?? noBranding;
}

/** Name of the product: the installation's own, else ours. */
export function useProductName(): string {
  const t = useTranslations('shell');
  const { name } = useBranding();
  return name === '' ? t('product') : name;
}

let sheet: CSSStyleSheet | null = null;

/** Lays the installation's colour over both themes while mounted. */
export function useAccent(): void {
  const { accent } = useBranding();
  useEffect(() => {
    let current = true;
    const apply = async () => {
      const { accentTokens } = await import('./accent');
      if (current) show(accent === null ? null : accentTokens(accent));
    };
    if (accent === null) show(null);
    else void apply();
    return () => {
      current = false;
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
