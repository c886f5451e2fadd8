'use client';
// Owns the frame of a form: the one alert at its top, focus on it, and fields bound to their errors.
import { useTranslations } from 'next-intl';
import { type ComponentProps, type ReactNode, useEffect, useRef } from 'react';
import {
  type ControllerRenderProps,
  type FieldPath,
  type FieldValues,
  type RegisterOptions,
  useController,
  useFormState,
} from 'react-hook-form';
import { Alert } from '../ui/alert';
import { Field, type FieldControl, type FieldProps } from '../ui/field';
import type { ApiForm } from './use-api-form';

interface FormProps<Values extends FieldValues> extends Omit<ComponentProps<'form'>, 'form' | 'onSubmit'> {
  api: ApiForm<Values>;
  children: ReactNode;
}

export function Form<Values extends FieldValues>({ api, children, ...rest }: FormProps<Values>) {
  const t = useTranslations('common');
  const { errors } = useFormState({ control: api.form.control });
  const alert = useRef<HTMLDivElement>(null);
  const failure = errors.root?.['server'];

  useEffect(() => {
    if (failure !== undefined) alert.current?.focus();
  }, [failure]);

  return (
    <form noValidate {...rest} onSubmit={(event) => void api.onSubmit(event)}>
      {failure !== undefined && (
        <Alert tone="bad" ref={alert} className="mb-4">
          <p>{failure.message}</p>
          {failure.type !== 'server' && (
            <p className="text-muted text-xs">
              {t('requestId')} <code className="font-mono">{failure.type}</code>
            </p>
          )}
        </Alert>
      )}
      {children}
    </form>
  );
}

interface FormFieldProps<Values extends FieldValues, Name extends FieldPath<Values>>
  extends Omit<FieldProps, 'children' | 'error'> {
  api: ApiForm<Values>;
  name: Name;
  rules?: Omit<RegisterOptions<Values, Name>, 'valueAsNumber' | 'valueAsDate' | 'setValueAs' | 'disabled'>;
  children: (control: FieldControl, field: ControllerRenderProps<Values, Name>) => ReactNode;
}

/** A field of a form: `(control, field) => <Input {...control} {...field} />`. */
export function FormField<Values extends FieldValues, Name extends FieldPath<Values>>(
  props: FormFieldProps<Values, Name>,
) {
  const { api, name, rules, children, ...frame } = props;
  const { field, fieldState } = useController({
    control: api.form.control,
    name,
    ...(rules === undefined ? {} : { rules }),
  });
  return (
    <Field {...frame} error={fieldState.error?.message}>
      {(control) => children(control, field)}
    </Field>
  );
}
