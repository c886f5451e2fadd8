'use client';
// Owns the drawing of a dropdown menu; open from the start, because it is loaded by the press that wants it.
import { Menu as Base } from '@base-ui/react/menu';
import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import type { MenuEntry, MenuProps } from './menu';
import { popupItemLook, popupLook } from './popup';

export default function MenuCanvas({ trigger, align = 'end', entries }: MenuProps) {
  return (
    <Base.Root modal={false} defaultOpen>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-50">
          <Base.Popup className={clsx(popupLook, 'min-w-44 max-w-80 p-1')}>
            {entries.map((entry, index) => (
              <Entry key={keyOf(entry, index)} entry={entry} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function keyOf(entry: MenuEntry, index: number): string {
  return 'label' in entry ? `${entry.type}-${entry.label}` : `${entry.type}-${index}`;
}

function Entry({ entry }: { entry: MenuEntry }) {
  switch (entry.type) {
    case 'separator':
      return <Base.Separator className="my-1 h-px bg-line" />;
    case 'text':
      return <div className="px-2 py-1.5">{entry.content}</div>;
    case 'item':
      return (
        <Base.Item
          disabled={entry.disabled === true}
          onClick={entry.onSelect}
          className={clsx(
            popupItemLook,
            entry.danger === true ? 'text-bad-text data-highlighted:bg-bad-soft' : '[&>svg]:text-muted',
          )}
        >
          {entry.icon}
          <span className="flex-1">{entry.label}</span>
          {entry.keys !== undefined && <kbd className="font-sans text-muted text-xs">{entry.keys}</kbd>}
        </Base.Item>
      );
    case 'check':
      return (
        <Base.CheckboxItem
          checked={entry.checked}
          disabled={entry.disabled === true}
          onCheckedChange={entry.onChange}
          closeOnClick={false}
          className={popupItemLook}
        >
          <span className="flex-1">{entry.label}</span>
          <Base.CheckboxItemIndicator>
            <Check aria-hidden className="text-accent-text" />
          </Base.CheckboxItemIndicator>
        </Base.CheckboxItem>
      );
    case 'choice':
      return (
        <Base.Group>
          <Base.GroupLabel className="px-2 pt-1.5 pb-1 text-muted text-xs">{entry.label}</Base.GroupLabel>
          <Base.RadioGroup value={entry.value} onValueChange={(next: string) => entry.onChange(next)}>
            {entry.options.map((option) => (
              <Base.RadioItem key={option.value} value={option.value} closeOnClick className={popupItemLook}>
                {option.icon}
                <span className="flex-1">{option.label}</span>
                <Base.RadioItemIndicator>
                  <Check aria-hidden className="text-accent-text" />
                </Base.RadioItemIndicator>
              </Base.RadioItem>
            ))}
          </Base.RadioGroup>
        </Base.Group>
      );
  }
}
