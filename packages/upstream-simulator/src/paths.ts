// Addresses: `/as/<name>` makes one simulator many accounts, `/faults/<spec>` makes an account faulty for good.

export interface SplitPath {
  account: string | null;
  faultSpec: string | null;
  /** What the vendor sees. */
  path: string;
  /** Without the question mark. */
  query: string;
}

const PREFIX = /^\/(as|faults)\/([^/]+)(?=\/|$)/u;

export function splitPath(url: string): SplitPath {
  const mark = url.indexOf('?');
  let path = mark === -1 ? url : url.slice(0, mark);
  const query = mark === -1 ? '' : url.slice(mark + 1);
  let account: string | null = null;
  let faultSpec: string | null = null;
  while (path.startsWith('/as/') || path.startsWith('/faults/')) {
    const match = PREFIX.exec(path);
    if (match === null) break;
    const value = decodeSegment(match[2] ?? '');
    if (match[1] === 'as') account = value;
    else faultSpec = faultSpec === null ? value : `${faultSpec},${value}`;
    path = path.slice(match[0].length);
  }
  return { account, faultSpec, path, query };
}

/** Whether a filter's path names this one or a folder above it. */
export function isBelow(path: string, prefix: string): boolean {
  return (
    path.startsWith(prefix) &&
    (path.length === prefix.length || prefix.endsWith('/') || path[prefix.length] === '/')
  );
}

/** Text that is not encoded properly stays as it is. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
