// Owns writing a text into a command or a program so that it is read back exactly: cmd and programs; for POSIX shells and
// PowerShell see client-settings. Pure.

const cmdSpecials = '&|<>^()';

/**
 * One argument of a program, typed into cmd. The program reads `\"` as a quote, but cmd only sees quotes opening and
 * closing: what is special to it outside of them gets a caret. `%NAME%` of a variable that is set cannot be kept from cmd.
 */
export function quoteForCmd(text: string): string {
  const argument = `"${text.replaceAll(/(\\*)"/g, String.raw`$1$1\"`).replace(/(\\+)$/, '$1$1')}"`;
  let isQuoted = false;
  let written = '';
  for (const character of argument) {
    if (character === '"') isQuoted = !isQuoted;
    written += !isQuoted && cmdSpecials.includes(character) ? `^${character}` : character;
  }
  return written;
}

/** `set` of cmd: everything between the outer quotes is the value, its last quote excepted. */
export function setInCmd(name: string, value: string): string {
  return `set "${name}=${value}"`;
}

/** A string of JSON, JavaScript, Python and TOML alike. */
export function quoteForCode(text: string): string {
  // JSON leaves these bare, JavaScript and TOML of older days do not.
  return JSON.stringify(text).replaceAll(/[\u007F\u2028\u2029]/g, escapeUnicode);
}

/** A string of JavaScript as people write it; with single quotes unless the text holds one. */
export function quoteForJavaScript(text: string): string {
  const quoted = quoteForCode(text);
  return /['"\\]/.test(text) ? quoted : `'${quoted.slice(1, -1)}'`;
}

function escapeUnicode(character: string): string {
  return String.raw`\u` + character.charCodeAt(0).toString(16).padStart(4, '0');
}
