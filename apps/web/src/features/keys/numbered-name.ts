// Owns the names of keys that are made in one go, as the gateway will give them. Pure.

/** `{n}` becomes the number, `{nnn}` the number with zeros in front; without either, the number is put after a space. */
export function numberedName(pattern: string, number: number): string {
  const named = pattern.replaceAll(/\{(n+)\}/g, (_, digits: string) =>
    String(number).padStart(digits.length, '0'),
  );
  return named === pattern ? `${pattern} ${number}` : named;
}
