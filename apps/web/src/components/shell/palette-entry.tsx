'use client';
// Owns one line of the palette.
import { Command } from 'cmdk';
import type { ReactNode } from 'react';

export const groupLook =
  '[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted';

interface EntryProps {
  icon: ReactNode;
  keys?: string;
  /** Also found by these, whatever the language. */
  keywords: string[];
  /** Tells lines with the same words apart. */
  id?: string;
  /** Beside the words, e.g. of what kind it is. */
  aside?: ReactNode;
  onSelect: () => void;
  children: ReactNode;
}

export function Entry({ icon, keys, keywords, id, aside, onSelect, children }: EntryProps) {
  return (
    <Command.Item
      {...(id === undefined ? {} : { value: id })}
      keywords={keywords}
      onSelect={onSelect}
      className="flex h-9 cursor-pointer items-center gap-2.5 rounded-control px-2 text-sm data-[selected=true]:bg-sunken max-sm:h-11 [&_svg]:size-4 [&_svg]:text-muted"
    >
      {icon}
      <span className="flex-1 truncate">{children}</span>
      {aside !== undefined && <span className="max-w-40 truncate text-muted text-xs">{aside}</span>}
      {keys !== undefined && <kbd className="font-sans text-muted text-xs">{keys}</kbd>}
    </Command.Item>
  );
}
