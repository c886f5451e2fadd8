'use client';
// Owns a part of a long form that folds: closed it says in words what is set inside, and it opens by itself when
// something inside was refused.
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';

interface FormSectionProps {
  title: string;
  /** What is set, shown while the section is closed. */
  summary: string;
  /** A field inside has an error: the section opens and stays open. */
  invalid: boolean;
  /** What is inside is made when the section first opens: for parts that are chunks of their own or ask the gateway. */
  lazily?: boolean;
  /** Unfolded from the start. */
  initiallyOpen?: boolean;
  children: ReactNode;
}

export function FormSection(props: FormSectionProps) {
  const { title, summary, invalid, lazily = false, initiallyOpen = false, children } = props;
  const [open, setOpen] = useState(initiallyOpen);
  const [wasOpened, setWasOpened] = useState(initiallyOpen);
  const section = useRef<HTMLDetailsElement>(null);

  useEffect(() => {
    if (!invalid) return;
    // A field could not take the focus while it was folded away.
    requestAnimationFrame(() => {
      const elsewhere = document.activeElement?.getAttribute('aria-invalid') === 'true';
      if (!elsewhere) section.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
    });
  }, [invalid]);

  return (
    <details
      ref={section}
      open={open || invalid}
      onToggle={(event) => {
        setOpen(event.currentTarget.open);
        if (event.currentTarget.open) setWasOpened(true);
      }}
      className="group border-line border-t"
    >
      <summary
        onClick={(event) => invalid && event.preventDefault()}
        className="flex min-h-11 cursor-pointer list-none items-center gap-2 py-2 text-sm [&::-webkit-details-marker]:hidden"
      >
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
        />
        <span className="shrink-0 font-medium">{title}</span>
        <span className="min-w-0 flex-1 truncate text-right text-muted group-open:invisible">{summary}</span>
      </summary>
      <div className="flex flex-col gap-4 pt-1 pb-5 pl-6 max-sm:pl-0">
        {(!lazily || wasOpened || invalid) && children}
      </div>
    </details>
  );
}
