'use client';
// Owns the mark of the product: two ends and the relay between them, or the installation's own.
import { clsx } from 'clsx';
import { useBranding } from '@/lib/branding';

export function LogoMark({ className }: { className?: string }) {
  const { logo } = useBranding();
  if (logo !== null) {
    // biome-ignore lint/performance/noImgElement: a picture of the installation, already in the answer.
    return (
      <img src={logo} alt="" className={clsx('size-6 shrink-0 rounded-[6px] object-contain', className)} />
    );
  }
  return (
    <svg viewBox="0 0 24 24" aria-hidden className={clsx('size-6 shrink-0', className)}>
      <rect width="24" height="24" rx="6" fill="var(--accent)" />
      <path
        d="M5.5 8.5h6.2a3.3 3.3 0 0 1 3.3 3.3v.4a3.3 3.3 0 0 0 3.3 3.3h.2"
        fill="none"
        stroke="var(--accent-contrast)"
        strokeWidth="2"
        strokeLinecap="round"
      />
      <circle cx="6.2" cy="15.5" r="1.9" fill="var(--accent-contrast)" opacity="0.55" />
      <circle cx="17.8" cy="8.5" r="1.9" fill="var(--accent-contrast)" opacity="0.55" />
    </svg>
  );
}
