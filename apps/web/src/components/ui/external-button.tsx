'use client';
// Owns the button that leads out of the console, into a tab of its own that learns nothing of this one.
import type { ComponentProps, ReactNode } from 'react';
import { type ButtonLook, buttonLook } from './button';

interface ExternalButtonProps extends Omit<ComponentProps<'a'>, 'target' | 'rel'>, ButtonLook {
  icon?: ReactNode;
}

export function ExternalButton({ variant, size, icon, className, children, ...rest }: ExternalButtonProps) {
  return (
    <a
      {...rest}
      target="_blank"
      rel="noopener noreferrer"
      className={buttonLook({ variant, size, className })}
    >
      {icon}
      {children}
    </a>
  );
}
