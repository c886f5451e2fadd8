// Owns the look of everything that floats: menus, selects, popovers, tooltips.

export const popupLook =
  'rounded-card border border-line-strong bg-surface text-text shadow-float outline-none transition-[opacity,scale] duration-100 origin-(--transform-origin) data-starting-style:scale-98 data-starting-style:opacity-0 data-ending-style:opacity-0';

export const popupItemLook =
  'flex min-h-8 cursor-default select-none items-center gap-2 rounded-[4px] px-2 py-1 text-sm outline-none data-disabled:opacity-50 data-highlighted:bg-sunken max-sm:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0';
