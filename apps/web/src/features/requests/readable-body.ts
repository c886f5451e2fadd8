// Owns how a kept body is shown: JSON with indents, anything else, and JSON that was cut, as it is. Pure.

export function readable(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
