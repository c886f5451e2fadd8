'use client';
// Owns the button: five looks, three sizes, a busy state. On phones every one is at least 44 px high.
import { cva, type VariantProps } from 'class-variance-authority';
import Link from 'next/link';
import type { ComponentProps, ReactNode, Ref } from 'react';
import { Spinner } from './spinner';

export const buttonLook = cva(
  'inline-flex shrink-0 select-none items-center justify-center gap-1.5 whitespace-nowrap rounded-control border font-medium transition-colors disabled:cursor-not-allowed disabled:opacity-55 [&_svg]:size-4 [&_svg]:shrink-0',
  {
    variants: {
      variant: {
        primary:
          'border-transparent bg-accent text-accent-contrast hover:not-disabled:bg-accent-hover active:not-disabled:bg-accent-hover',
        secondary: 'border-line-strong bg-surface text-text hover:not-disabled:bg-hover',
        ghost:
          'border-transparent bg-transparent text-text-soft hover:not-disabled:bg-sunken hover:not-disabled:text-text data-popup-open:bg-sunken',
        danger: 'border-transparent bg-bad text-bad-contrast hover:not-disabled:bg-bad-hover',
        dangerGhost:
          'border-line-strong bg-surface text-bad-text hover:not-disabled:border-bad-line hover:not-disabled:bg-bad-soft',
        link: 'border-transparent bg-transparent px-0! text-accent-text underline-offset-3 hover:not-disabled:underline',
      },
      size: {
        sm: 'h-7 px-2 text-xs max-sm:h-11',
        md: 'h-8 px-3 text-sm max-sm:h-11 max-sm:text-base',
        lg: 'h-10 px-4 text-base max-sm:h-11',
        icon: 'size-8 text-sm max-sm:size-11',
        iconSmall: 'size-7 text-sm max-sm:size-11',
      },
    },
    defaultVariants: { variant: 'secondary', size: 'md' },
  },
);

export type ButtonLook = VariantProps<typeof buttonLook>;

export interface ButtonProps extends Omit<ComponentProps<'button'>, 'ref'>, ButtonLook {
  /** Work is going on: the button says so and takes no further press. */
  busy?: boolean;
  icon?: ReactNode;
  ref?: Ref<HTMLButtonElement>;
}

export function Button({ variant, size, busy = false, icon, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={buttonLook({ variant, size, className })}
      aria-busy={busy || undefined}
      disabled={rest.disabled === true || busy}
    >
      {busy ? <Spinner /> : icon}
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'aria-label' | 'title'> {
  /** What the button does; its name for everybody who does not see the icon. */
  label: string;
}

export function IconButton({ label, size = 'icon', variant = 'ghost', icon, ...rest }: IconButtonProps) {
  return <Button {...rest} aria-label={label} title={label} size={size} variant={variant} icon={icon} />;
}

interface LinkButtonProps extends ComponentProps<typeof Link>, ButtonLook {
  icon?: ReactNode;
}

/** A link that looks like a button: for going somewhere. */
export function LinkButton({ variant, size, icon, className, children, ...rest }: LinkButtonProps) {
  return (
    <Link {...rest} className={buttonLook({ variant, size, className })}>
      {icon}
      {children}
    </Link>
  );
}
