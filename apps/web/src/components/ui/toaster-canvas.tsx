'use client';
// Owns the drawing of notices.
import { useTheme } from 'next-themes';
import { useEffect, useRef } from 'react';
import { Toaster as Sonner, toast } from 'sonner';
import type { Notice } from './notify';

export default function ToasterCanvas({ notices, label }: { notices: readonly Notice[]; label: string }) {
  const { resolvedTheme } = useTheme();
  const shown = useRef(0);

  useEffect(() => {
    for (const notice of notices.slice(shown.current)) {
      const { kind, message, action, description } = notice;
      toast[kind](message, {
        duration: 5000,
        ...(description === undefined ? {} : { description }),
        ...(action === undefined ? {} : { action }),
      });
    }
    shown.current = notices.length;
  }, [notices]);

  return (
    <Sonner
      theme={resolvedTheme === 'dark' ? 'dark' : 'light'}
      position="bottom-right"
      style={{ fontFamily: 'inherit' }}
      containerAriaLabel={label}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            'flex w-[356px] max-w-full items-center gap-2 rounded-card border border-line-strong bg-surface px-3 py-2.5 text-sm text-text shadow-float',
          title: 'font-medium',
          description: 'text-muted',
          content: 'min-w-0 flex-1',
          actionButton:
            'h-7 shrink-0 rounded-control border border-line-strong px-2 text-xs font-medium hover:bg-hover max-sm:h-11',
          success: '[&_[data-icon]]:text-ok-text',
          error: '[&_[data-icon]]:text-bad-text',
          info: '[&_[data-icon]]:text-info-text',
        },
      }}
    />
  );
}
