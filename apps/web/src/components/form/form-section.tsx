'use client';
// Owns a part of a long form that folds: closed it says in words what is set inside, and it opens by itself when
// something inside was refused.
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type FieldPath, type FieldValues, get, useFormState } from 'react-hook-form';
import type { ApiForm } from './use-api-form';

interface FormSectionProps<Values extends FieldValues> {
  api: ApiForm<Values>;
  title: string;
  /** What is set, shown while the section is closed. */
  summary: string;
  /** Fields inside; an error of one of them opens the section. */
  names: readonly FieldPath<Values>[];
  children: ReactNode;
}

export function FormSection<Values extends FieldValues>(props: FormSectionProps<Values>) {
  const { api, title, summary, names, children } = props;
  const { errors, submitCount } = useFormState({ control: api.form.control });
  const [open, setOpen] = useState(false);
  const section = useRef<HTMLDetailsElement>(null);
  const refused = names.some((name) => get(errors, name) !== undefined);

  useEffect(() => {
    if (!refused) return;
    setOpen(true);
    // A field could not take the focus while it was folded away.
    requestAnimationFrame(() => {
      const invalid = section.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
      const elsewhere = document.activeElement?.getAttribute('aria-invalid') === 'true';
      if (!elsewhere) invalid?.focus();
    });
  }, [refused, submitCount]);

  return (
    <details
      ref={section}
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group border-line border-t"
    >
      <summary className="flex min-h-11 cursor-pointer list-none items-center gap-2 py-2 text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight
          aria-hidden
          className="size-4 shrink-0 text-muted transition-transform group-open:rotate-90"
        />
        <span className="shrink-0 font-medium">{title}</span>
        <span className="min-w-0 flex-1 truncate text-right text-muted group-open:invisible">{summary}</span>
      </summary>
      <div className="flex flex-col gap-4 pt-1 pb-5 pl-6 max-sm:pl-0">{children}</div>
    </details>
  );
}
