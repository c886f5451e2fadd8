'use client';
// Owns what lies above the page and holds the focus: the dialog, and the panel at the side. Full screen on phones.
import { Dialog as Base } from '@base-ui/react/dialog';
import { clsx } from 'clsx';
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, useRef } from 'react';
import { IconButton } from './button';

export interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** Buttons at the foot; the main one last. */
  footer?: ReactNode;
  children?: ReactNode;
  /** `md` 480 px, `lg` 640 px, `xl` 860 px. */
  size?: 'md' | 'lg' | 'xl';
  /** A dialog that must be answered: neither Escape nor a press outside closes it. */
  mustAnswer?: boolean;
  /** Beside the title, e.g. a status. */
  aside?: ReactNode;
}

const backdropLook =
  'fixed inset-0 z-40 bg-overlay transition-opacity duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0';

const widths = { md: 'sm:max-w-[480px]', lg: 'sm:max-w-[640px]', xl: 'sm:max-w-[860px]' } as const;

function useGuardedClose({ onOpenChange, mustAnswer }: Pick<DialogProps, 'onOpenChange' | 'mustAnswer'>) {
  return (open: boolean, details: Base.Root.ChangeEventDetails) => {
    const byAccident = details.reason === 'escape-key' || details.reason === 'outside-press';
    if (!open && byAccident && (mustAnswer === true || isMeantForSession(details.event))) {
      details.cancel();
      return;
    }
    onOpenChange(open);
  };
}

/** What is said of the session lies above every dialog: a press or a key there is not meant for the one below. */
function isMeantForSession({ target }: Event): boolean {
  return target instanceof Element && target.closest('[data-session]') !== null;
}

/** A dialog with a form or a choice begins at the field that says so, else at its first control; a finger gets no keyboard thrown at it. */
function firstControl(body: HTMLElement | null, openedBy: string): HTMLElement | true {
  if (openedBy === 'touch') return true;
  const controls = 'input:not([type="hidden"]):not([disabled]), textarea, select, button:not([disabled])';
  const marked = body?.querySelector<HTMLElement>('[data-first-field]');
  return marked ?? body?.querySelector<HTMLElement>(controls) ?? true;
}

function Heading({ title, description, aside, closable }: Partial<DialogProps> & { closable: boolean }) {
  const t = useTranslations('common');
  return (
    <div className="flex items-start gap-3 border-line border-b px-5 py-3 max-sm:px-4">
      <div className="min-w-0 flex-1">
        <div className="flex min-h-7 flex-wrap items-center gap-2">
          <Base.Title className="min-w-0 break-words font-semibold text-lg">{title}</Base.Title>
          {aside}
        </div>
        {description !== undefined && (
          <Base.Description className="text-muted text-sm">{description}</Base.Description>
        )}
      </div>
      {closable && <Base.Close render={<IconButton label={t('close')} size="iconSmall" icon={<X />} />} />}
    </div>
  );
}

function Foot({ children }: { children: ReactNode }) {
  return (
    <div className="flex flex-wrap justify-end gap-2 border-line border-t px-5 py-3 max-sm:px-4 max-sm:pb-[max(12px,env(safe-area-inset-bottom))] max-sm:*:flex-1">
      {children}
    </div>
  );
}

export function Dialog(props: DialogProps) {
  const { open, title, description, footer, children, size = 'md', mustAnswer = false, aside } = props;
  const onOpenChange = useGuardedClose(props);
  const body = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Popup
          initialFocus={(openedBy) => firstControl(body.current, openedBy)}
          className={clsx(
            'fixed inset-0 z-50 flex flex-col bg-surface text-text outline-none transition-[opacity,scale] duration-150 data-ending-style:opacity-0 data-starting-style:opacity-0',
            'sm:inset-auto sm:top-[max(5vh,24px)] sm:left-1/2 sm:max-h-[90vh] sm:w-[calc(100vw-48px)] sm:-translate-x-1/2 sm:rounded-dialog sm:border sm:border-line-strong sm:shadow-float sm:data-starting-style:scale-98',
            widths[size],
          )}
        >
          <Heading {...{ title, description, aside }} closable={!mustAnswer} />
          <div ref={body} className="min-h-0 flex-1 overflow-y-auto px-5 py-4 max-sm:px-4">
            {children}
          </div>
          {footer !== undefined && <Foot>{footer}</Foot>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A panel at the right edge: the details of a row while the list stays in sight. */
export function Sheet(props: DialogProps) {
  const { open, title, description, footer, children, size = 'lg', mustAnswer = false, aside } = props;
  const onOpenChange = useGuardedClose(props);
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Popup
          ref={popup}
          // It is read first: no button of it lies under the Enter that opened it.
          initialFocus={popup}
          className={clsx(
            'fixed inset-y-0 right-0 z-50 flex w-full flex-col border-line-strong bg-surface text-text outline-none transition-[translate,opacity] duration-150 data-ending-style:translate-x-4 data-starting-style:translate-x-4 data-ending-style:opacity-0 data-starting-style:opacity-0 sm:border-l sm:shadow-float',
            widths[size],
          )}
        >
          <Heading {...{ title, description, aside }} closable={!mustAnswer} />
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4 max-sm:px-4">{children}</div>
          {footer !== undefined && <Foot>{footer}</Foot>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

/** A panel at the left edge without head and foot: the navigation on phones. */
export function Drawer({
  open,
  onOpenChange,
  label,
  children,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  label: string;
  children: ReactNode;
}) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Portal>
        <Base.Backdrop className={backdropLook} />
        <Base.Popup
          aria-label={label}
          className="fixed inset-y-0 left-0 z-50 flex w-[min(300px,85vw)] flex-col border-line-strong border-r bg-surface text-text shadow-float outline-none transition-[translate,opacity] duration-150 data-ending-style:-translate-x-4 data-starting-style:-translate-x-4 data-ending-style:opacity-0 data-starting-style:opacity-0"
        >
          {children}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
