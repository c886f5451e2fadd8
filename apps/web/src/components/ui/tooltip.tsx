'use client';
// Owns the hint at hover and focus. Small on purpose: lists are full of hints and must stay light. It never holds
// what is not also reachable otherwise.
import { clsx } from 'clsx';
import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { popupLook } from './popup';

interface TooltipProps {
  content: ReactNode;
  /** What the hint belongs to; inline content, or a control that takes the focus. */
  children: ReactNode;
  className?: string;
}

const DELAY_MS = 300;
const GAP_PX = 6;

interface Place {
  left: number;
  top: number;
  below: boolean;
}

function placeAt(anchor: HTMLElement): Place {
  const box = anchor.getBoundingClientRect();
  const below = box.top < 120;
  return {
    left: Math.min(Math.max(box.left + box.width / 2, 80), window.innerWidth - 80),
    top: below ? box.bottom + GAP_PX : box.top - GAP_PX,
    below,
  };
}

export function Tooltip({ content, children, className }: TooltipProps) {
  const id = useId();
  const anchor = useRef<HTMLSpanElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [place, setPlace] = useState<Place | null>(null);
  const shown = place !== null;

  const hide = () => {
    clearTimeout(timer.current);
    setPlace(null);
  };
  const show = (delayMs: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => anchor.current !== null && setPlace(placeAt(anchor.current)), delayMs);
  };

  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    if (!shown) return undefined;
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && setPlace(null);
    const onScroll = () => setPlace(null);
    window.addEventListener('keydown', onKey);
    window.addEventListener('scroll', onScroll, { capture: true, passive: true });
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('scroll', onScroll, { capture: true });
    };
  }, [shown]);

  return (
    <span
      ref={anchor}
      aria-describedby={shown ? id : undefined}
      onPointerEnter={() => show(DELAY_MS)}
      onPointerLeave={hide}
      onFocus={() => show(0)}
      onBlur={hide}
      className={clsx('inline-flex min-w-0', className)}
    >
      {children}
      {place !== null &&
        createPortal(
          <span
            id={id}
            role="tooltip"
            style={{ left: place.left, top: place.top }}
            className={clsx(
              popupLook,
              'pointer-events-none fixed z-50 max-w-80 -translate-x-1/2 px-2.5 py-1.5 text-xs',
              !place.below && '-translate-y-full',
            )}
          >
            {content}
          </span>,
          document.body,
        )}
    </span>
  );
}
