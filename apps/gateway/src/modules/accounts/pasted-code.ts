// Owns reading what an operator pastes at the end of a login: the code, with or without its state, or the whole address
// that the browser ended at. Pure.

export interface PastedCode {
  readonly code: string;
  /** Null where what was pasted names none. */
  readonly state: string | null;
}

/** Null where there is no code in it, or the vendor's own error is: then `error` says which. */
export function readPastedCode(text: string): PastedCode | { readonly error: string } {
  const pasted = text.trim();
  const query = queryOf(pasted);
  if (query !== null) {
    const error = query.get('error_description') ?? query.get('error');
    if (error !== null) return { error: `the vendor answered: ${error}` };
    const code = query.get('code');
    if (code === null || code === '') return { error: 'the address names no code' };
    return { code, state: query.get('state') };
  }
  const [code = '', state = ''] = pasted.split('#');
  if (code === '' || /\s/.test(code)) return { error: 'this is no code' };
  return { code, state: state === '' ? null : state };
}

/** Of an address, or of its part from the question mark on. */
function queryOf(text: string): URLSearchParams | null {
  if (/^https?:\/\//i.test(text)) return URL.canParse(text) ? new URL(text).searchParams : null;
  const query = text.startsWith('?') ? text.slice(1) : text;
  return /(?:^|&)(?:code|error)=/.test(query) ? new URLSearchParams(query) : null;
}
