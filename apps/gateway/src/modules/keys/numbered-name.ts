// Owns the names of keys that are made in one go. Pure.

/** `{n}` becomes the number, `{nnn}` the number with zeros in front; without either, the number is put after a space. */
export function numberedName(pattern: string, number: number): string {
  const placeholder = /\{(n+)\}/g;
  if (!placeholder.test(pattern)) return `${pattern} ${number}`;
  return pattern.replace(placeholder, (_, digits: string) => String(number).padStart(digits.length, '0'));
}
