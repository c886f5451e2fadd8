'use client';
// Owns the drawing of a popover; open from the start, because it is loaded by the press that wants it.
import { Popover as Base } from '@base-ui/react/popover';
import { clsx } from 'clsx';
import { useState } from 'react';
import type { PopoverProps } from './popover';
import { popupLook } from './popup';

export default function PopoverCanvas({ trigger, title, align = 'end', className, children }: PopoverProps) {
  const [open, setOpen] = useState(true);
  return (
    <Base.Root open={open} onOpenChange={setOpen}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-50">
          <Base.Popup className={clsx(popupLook, 'w-72 max-w-[calc(100vw-16px)] p-3 text-sm', className)}>
            <Base.Title className="mb-2 font-medium">{title}</Base.Title>
            {typeof children === 'function' ? children(() => setOpen(false)) : children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
