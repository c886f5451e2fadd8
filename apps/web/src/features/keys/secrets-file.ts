// Owns many new secrets as a file: plain text, or a table that no spreadsheet takes for formulas. Pure.
export interface NewSecret {
  readonly name: string;
  readonly id: string;
  readonly secret: string;
}

export function secretsAsText(secrets: readonly NewSecret[]): string {
  return secrets.map(({ name, secret }) => `${name}\t${secret}\n`).join('');
}

export function secretsAsCsv(secrets: readonly NewSecret[]): string {
  const rows = [['name', 'id', 'secret'], ...secrets.map(({ name, id, secret }) => [name, id, secret])];
  return `\uFEFF${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
