'use client';
// Owns the life of a form: checks before sending, sends, and puts what the gateway refuses to where it belongs.
import type { z } from 'zod';
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';
import {
  type DefaultValues,
  type FieldPath,
  type FieldValues,
  type UseFormReturn,
  useForm,
} from 'react-hook-form';
import { isApiError } from '@/lib/api';
import { leafNames, placeErrors } from './place-errors';
import { issueText } from './issue-text';

type Schema = z.ZodType;

export interface ApiFormOptions<Values extends FieldValues> {
  defaultValues: DefaultValues<Values>;
  /** Sends the values; a rejected `ApiError` is shown in the form. */
  submit: (values: Values) => Promise<void>;
  /**
   * The contract's schema, checked before sending. Given as a loader, so that the validation library arrives with
   * the first check and not with the page.
   */
  schema?: () => Promise<Schema>;
  /** Values as the schema and the gateway want them, where the form holds them differently. */
  toBody?: (values: Values) => unknown;
}

export interface ApiForm<Values extends FieldValues> {
  readonly form: UseFormReturn<Values>;
  onSubmit: (event?: React.SyntheticEvent) => Promise<void>;
}

/** Name under which an error of the whole form is kept. */
const FORM_ERROR = 'root.server' as const;

export function useApiForm<Values extends FieldValues>(options: ApiFormOptions<Values>): ApiForm<Values> {
  const { defaultValues, submit, schema, toBody } = options;
  const t = useTranslations('errors');
  const form = useForm<Values>({ defaultValues, mode: 'onSubmit', reValidateMode: 'onChange' });

  const place = useCallback(
    (errors: readonly { path: string; message: string }[], fallback: string, requestId: string | null) => {
      const known = leafNames(form.getValues());
      const { fields, rest } = placeErrors(errors, known);
      // What the form's own rule said of a field is better than what the schema says of it.
      const open = fields.filter(
        ({ name }) => form.getFieldState(name as FieldPath<Values>).error === undefined,
      );
      open.forEach(({ name, message }, index) => {
        const shouldFocus = index === 0 && open.length === fields.length;
        form.setError(name as FieldPath<Values>, { type: 'server', message }, { shouldFocus });
      });
      if (fields.length > 0 && rest.length === 0) return;
      const message = rest.length > 0 ? rest.join(' ') : fallback;
      form.setError(FORM_ERROR, { type: requestId ?? 'server', message });
    },
    [form],
  );

  /** False when the schema found something; it then stands at its field. */
  const check = async (values: Values): Promise<boolean> => {
    if (schema === undefined) return true;
    const result = (await schema()).safeParse(toBody === undefined ? values : toBody(values));
    if (result.success) return true;
    const issues = result.error.issues.map((issue) => ({
      path: issue.path.join('.'),
      message: issueText(issue, t),
    }));
    place(issues, t('codes.validation_failed'), null);
    return false;
  };

  const send = async (values: Values) => {
    if (!(await check(values))) return;
    try {
      await submit(values);
    } catch (error) {
      if (!isApiError(error)) {
        place([], t('unreachable'), null);
        return;
      }
      const { code, detail, errors, requestId } = error.problem;
      const key = `codes.${code}`;
      const message = t.has(key as never) ? t(key as never) : detail;
      place(errors ?? [], message, requestId === '' ? null : requestId);
    }
  };

  return {
    form,
    onSubmit: (event) => {
      form.clearErrors('root');
      // What the form's own rules found is told together with what the schema finds.
      return form.handleSubmit(send, async () => void (await check(form.getValues())))(event);
    },
  };
}
