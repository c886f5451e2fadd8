// Owns where the gateway's field errors go: to the control of that path, or to the alert of the form.

export interface FieldError {
  path: string;
  message: string;
}

/** `/body/models/list/0`, `body.name`, `name` -> the dotted name a form knows. */
export function fieldName(path: string): string {
  return path
    .replace(/^[#/]+/, '')
    .replaceAll('/', '.')
    .replace(/^(body|query|params)\./, '');
}

/**
 * Errors by field. An error deeper than a control (an entry of a list) belongs to that control; one that fits no
 * control is returned in `rest` with its path, as words.
 */
export function placeErrors(
  errors: readonly FieldError[],
  known: ReadonlySet<string>,
): { fields: { name: string; message: string }[]; rest: string[] } {
  const fields: { name: string; message: string }[] = [];
  const rest: string[] = [];
  for (const { path, message } of errors) {
    const parts = fieldName(path).split('.');
    while (parts.length > 0 && !known.has(parts.join('.'))) parts.pop();
    const name = parts.join('.');
    if (name === '') rest.push(path === '' ? message : `${fieldName(path)}: ${message}`);
    else if (!fields.some((field) => field.name === name)) fields.push({ name, message });
  }
  return { fields, rest };
}

/** Dotted names of the controls behind a form's values: what is not a plain object is one control. */
export function leafNames(values: unknown, prefix = ''): Set<string> {
  const isObject = typeof values === 'object' && values !== null && !Array.isArray(values);
  if (!isObject) return new Set(prefix === '' ? [] : [prefix]);
  const below = Object.entries(values).flatMap(([name, value]) => [
    ...leafNames(value, prefix === '' ? name : `${prefix}.${name}`),
  ]);
  return new Set(below);
}
