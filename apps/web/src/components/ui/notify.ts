// Owns short notices. The library behind them is loaded with the first one.

interface NoticeOptions {
  description?: string;
  /** One action, e.g. undo; the notice stays 5 s. */
  action?: { label: string; onClick: () => void };
}

type NoticeKind = 'success' | 'error' | 'info';

export interface Notice extends NoticeOptions {
  kind: NoticeKind;
  message: string;
}

type Listener = (notice: Notice) => void;

let listener: Listener | undefined;
let waiting: Notice[] = [];

/** The mounted notice area; what was said before it came is said now. */
export function onNotice(next: Listener): () => void {
  listener = next;
  for (const notice of waiting) next(notice);
  waiting = [];
  return () => {
    listener = undefined;
  };
}

function say(kind: NoticeKind) {
  return (message: string, options: NoticeOptions = {}) => {
    const notice = { kind, message, ...options };
    if (listener === undefined) waiting.push(notice);
    else listener(notice);
  };
}

/** Shows a notice in the live region. Never the only place where an error is told. */
export const notify = { success: say('success'), error: say('error'), info: say('info') };
