'use client';
// Owns the word that the session ends soon, and the press that puts it off; a chunk of its own.
import { Clock3, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { createPortal } from 'react-dom';
import type { SessionEnd } from '@/lib/session-life';
import { Button, IconButton } from '../ui/button';
import { Countdown } from '../ui/time';

interface SessionBarProps {
  end: SessionEnd;
  onStay: () => void;
  onClose: () => void;
}

export default function SessionBar({ end, onStay, onClose }: SessionBarProps) {
  const t = useTranslations('shell.session');
  return createPortal(
    <div
      data-session=""
      role="alert"
      className="fixed inset-x-4 bottom-4 z-60 mx-auto flex max-w-[560px] flex-wrap items-center gap-x-3 gap-y-2 rounded-card border border-warn-line bg-surface px-4 py-3 text-sm text-text shadow-float"
    >
      <Clock3 aria-hidden className="size-4 shrink-0 text-warn-text" />
      <p className="min-w-0 flex-1">
        {t('endsIn')} <Countdown at={new Date(end.atMs).toISOString()} className="font-medium" />
      </p>
      <Button variant="primary" onClick={onStay}>
        {end.isFinal ? t('signInNow') : t('stay')}
      </Button>
      <IconButton label={t('close')} icon={<X />} onClick={onClose} />
    </div>,
    document.body,
  );
}
