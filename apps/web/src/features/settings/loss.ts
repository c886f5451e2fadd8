// Owns what a change of settings throws away: to be told before it is saved.
import type { SettingSection } from '@crs/shared';
import type { Draft, SectionAnswer } from './use-section';

const kept = ['requestDays', 'auditDays', 'trashDays'] as const;

interface Loss {
  readonly field: (typeof kept)[number];
  /** What is older than this goes. */
  readonly days: number;
}

/** Retentions that become shorter; null where nothing is lost. */
export function lossOf(section: SettingSection, data: SectionAnswer, draft: Draft): Loss[] | null {
  if (section !== 'retention') return null;
  const losses = kept.flatMap((field): Loss[] => {
    if (!(field in draft)) return [];
    const next = draft[field] ?? data.fields[field]?.default ?? null;
    const now = data[field];
    if (typeof next !== 'number') return [];
    return typeof now !== 'number' || next < now ? [{ field, days: next }] : [];
  });
  return losses.length === 0 ? null : losses;
}
