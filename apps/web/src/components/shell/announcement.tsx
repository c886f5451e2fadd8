'use client';
// Owns the line that administrators say to everybody; whoever has read it closes it until it changes.
import { Megaphone, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { useBranding } from '@/lib/branding';
import { IconButton } from '../ui/button';

const STORAGE_KEY = 'crs-announcement-read';

export function Announcement() {
  const t = useTranslations('shell');
  const { announcement } = useBranding();
  const [read, setRead] = useState(() => localStorage.getItem(STORAGE_KEY));
  if (announcement === '' || announcement === read) return null;
  return (
    <aside
      aria-label={t('announcement')}
      className="flex items-start gap-2.5 border-info-line border-b bg-info-soft px-6 py-2 text-info-text text-sm max-md:px-4"
    >
      <Megaphone aria-hidden className="mt-0.5 size-4 shrink-0" />
      <p className="min-w-0 flex-1 whitespace-pre-line break-words">{announcement}</p>
      <IconButton
        label={t('closeAnnouncement')}
        size="iconSmall"
        icon={<X />}
        onClick={() => {
          localStorage.setItem(STORAGE_KEY, announcement);
          setRead(announcement);
        }}
        className="-my-1"
      />
    </aside>
  );
}
