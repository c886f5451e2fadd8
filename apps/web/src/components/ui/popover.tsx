'use client';
// Owns a small panel behind a button, for reading or a short input. The drawing is loaded when it is near.
import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';

const loadCanvas = () => import('./popover-canvas');
const PopoverCanvas = lazy(loadCanvas);

interface TriggerProps {
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'menu' | 'dialog';
  'aria-expanded'?: boolean;
}

export interface PopoverProps {
  /** The button that opens the panel; it must have a name. */
  trigger: ReactElement<TriggerProps>;
  title: ReactNode;
  align?: 'start' | 'center' | 'end';
  className?: string;
  /** Content; as a function it gets what closes the panel. */
  children: ReactNode | ((close: () => void) => ReactNode);
}

export function Popover(props: PopoverProps) {
  const [wanted, setWanted] = useState(false);
  const still = cloneElement(props.trigger, {
    'aria-haspopup': 'dialog',
    'aria-expanded': false,
    onClick: () => setWanted(true),
    onPointerEnter: () => void loadCanvas(),
    onFocus: () => void loadCanvas(),
  });
  if (!wanted) return still;
  return (
    <Suspense fallback={still}>
      <PopoverCanvas {...props} />
    </Suspense>
  );
}
