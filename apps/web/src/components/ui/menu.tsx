'use client';
// Owns the dropdown menu as pages write it: a button and entries as data. The drawing is a chunk of its own that
// arrives when the pointer or the focus comes near.
import { cloneElement, lazy, type ReactElement, type ReactNode, Suspense, useState } from 'react';

const loadCanvas = () => import('./menu-canvas');
const MenuCanvas = lazy(loadCanvas);

export type MenuEntry =
  | {
      type: 'item';
      label: string;
      icon?: ReactNode;
      /** Keys that do the same. */
      keys?: string;
      danger?: boolean;
      disabled?: boolean;
      onSelect: () => void;
    }
  /** One of few, with a check at the present one. */
  | {
      type: 'choice';
      label: string;
      value: string;
      options: readonly { value: string; label: string; icon?: ReactNode }[];
      onChange: (value: string) => void;
    }
  /** On or off; the menu stays open. */
  | {
      type: 'check';
      label: string;
      checked: boolean;
      disabled?: boolean;
      onChange: (checked: boolean) => void;
    }
  | { type: 'text'; content: ReactNode }
  | { type: 'separator' };

interface TriggerProps {
  onClick?: () => void;
  onPointerEnter?: () => void;
  onFocus?: () => void;
  'aria-haspopup'?: 'menu' | 'dialog';
  'aria-expanded'?: boolean;
}

export interface MenuProps {
  /** The button that opens the menu; it must have a name. */
  trigger: ReactElement<TriggerProps>;
  align?: 'start' | 'center' | 'end';
  entries: readonly MenuEntry[];
}

export function Menu({ trigger, align = 'end', entries }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const still = cloneElement(trigger, {
    'aria-haspopup': 'menu',
    'aria-expanded': false,
    onClick: () => setWanted(true),
    onPointerEnter: () => void loadCanvas(),
    onFocus: () => void loadCanvas(),
  });
  if (!wanted) return still;
  return (
    <Suspense fallback={still}>
      <MenuCanvas trigger={trigger} align={align} entries={entries} />
    </Suspense>
  );
}
